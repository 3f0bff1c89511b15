#include "checker/isolation/revision_order.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "checker/isolation/account.h"
#include "checker/isolation/execution.h"

namespace sunder::checker::isolation {
namespace {

class RevisionOrderBuilder {
 public:
  RevisionOrderBuilder(const Transactions& transactions, const ListOrders& orders)
      : transactions_(transactions),
        orders_(orders),
        is_placed_(transactions.transactions.size(), false) {}

  std::optional<RevisionOrder> build() {
    const auto& all = transactions_.transactions;
    if (transactions_.revisions.size() != all.size()) return std::nullopt;
    // A read belongs behind the update of the same revision.
    std::vector<std::tuple<std::int64_t, bool, TransactionId>> sorted;
    for (TransactionId id = 0; id < all.size(); ++id) {
      if (all[id].outcome != history::Outcome::ok) continue;
      if (transactions_.revisions[id] == no_revision) return std::nullopt;
      sorted.emplace_back(transactions_.revisions[id], !writes(id), id);
    }
    std::sort(sorted.begin(), sorted.end());
    for (const auto& [revision, is_read, id] : sorted) {
      place_unanswered_in_front_of(id);
      made_.order.push_back(id);
    }
    for (TransactionId id = 0; id < all.size(); ++id) {
      const bool is_left =
          orders_.is_committed(id) && all[id].outcome != history::Outcome::ok && !is_placed_[id];
      if (is_left) made_.order.push_back(id);
    }
    judge();
    return std::move(made_);
  }

 private:
  bool writes(TransactionId id) const {
    const auto steps = transactions_.steps_of(transactions_.transactions[id]);
    return std::any_of(steps.begin(), steps.end(), [](const Step& step) {
      return step.kind == Step::Kind::append || step.kind == Step::Kind::write;
    });
  }

  void place_unanswered_in_front_of(TransactionId id) {
    for (const Step& step : transactions_.steps_of(transactions_.transactions[id])) {
      if (step.kind == Step::Kind::read_register && step.value != initial) {
        place_if_unanswered(orders_.writer_of(step.key, step.value));
      }
      if (step.kind != Step::Kind::read_list) continue;
      // Only the newest elements can be of those that are not placed yet.
      const auto list = transactions_.list_of(step);
      std::size_t begin = list.size();
      while (begin > 0 && is_unanswered(orders_.writer_of(step.key, list[begin - 1]))) --begin;
      for (; begin < list.size(); ++begin) {
        place_if_unanswered(orders_.writer_of(step.key, list[begin]));
      }
    }
  }

  bool is_unanswered(TransactionId id) const {
    return id != nobody && !is_placed_[id] &&
           transactions_.transactions[id].outcome == history::Outcome::info;
  }

  void place_if_unanswered(TransactionId id) {
    if (!is_unanswered(id)) return;
    is_placed_[id] = true;
    made_.order.push_back(id);
  }

  void judge() {
    if (!explains_all_reads(transactions_, orders_, made_.order)) {
      made_.contradiction = "executed in the order of the answers' revisions, reads do not match";
      return;
    }
    made_.proves = Level{Model::serializable, Order::real_time};
    TransactionId latest = nobody;
    std::vector<TransactionId> last;
    for (const TransactionId id : made_.order) {
      const Transaction& of = transactions_.transactions[id];
      const bool is_ok = of.outcome == history::Outcome::ok;
      if (latest != nobody && is_ok && of.returned < transactions_.transactions[latest].invoked) {
        contradict(id, latest, Order::session);
      }
      if (latest == nobody || of.invoked > transactions_.transactions[latest].invoked) latest = id;
      if (of.process >= last.size()) last.resize(of.process + 1, nobody);
      TransactionId& before = last[of.process];
      if (before != nobody && is_ok && before > id) contradict(id, before, Order::values);
      if (before == nobody || id > before) before = id;
    }
  }

  void contradict(TransactionId earlier, TransactionId later, Order left) {
    if (made_.contradiction.empty()) {
      made_.contradiction = fmt::format(
          "the revisions of the answers put {} before {}, although {} had returned before {} was "
          "invoked",
          transaction_name(later), transaction_name(earlier), transaction_name(earlier),
          transaction_name(later));
    }
    made_.proves->order = std::min(made_.proves->order, left);
  }

  const Transactions& transactions_;
  const ListOrders& orders_;
  std::vector<bool> is_placed_;
  RevisionOrder made_;
};

}  // namespace

std::optional<RevisionOrder> revision_order_of(const Transactions& transactions,
                                               const ListOrders& orders) {
  return RevisionOrderBuilder(transactions, orders).build();
}

}  // namespace sunder::checker::isolation
