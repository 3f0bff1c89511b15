#include "checker/isolation/execution.h"

#include <algorithm>
#include <vector>

namespace sunder::checker::isolation {

namespace {

/// A list while transactions are executed. As long as it is a prefix of a list that was read, only
/// its length is kept.
struct GrowingList {
  std::uint32_t length = 0;
  /// Whether it has elements that the longest read does not have, or has in another order.
  bool differs = false;
};

class Execution {
 public:
  Execution(const Transactions& transactions, const ListOrders& orders)
      : transactions_(transactions),
        orders_(orders),
        lists_(transactions.keys.size()),
        registers_(transactions.keys.size(), initial) {}

  bool runs(TransactionId id) {
    const auto& transaction = transactions_.transactions[id];
    for (const auto& step : transactions_.steps_of(transaction)) {
      auto& list = lists_[step.key];
      if (step.kind == Step::Kind::append) {
        const auto longest = orders_.longest_read(step.key);
        list.differs =
            list.differs || list.length >= longest.size() || longest[list.length] != step.value;
        ++list.length;
      } else if (step.kind == Step::Kind::read_list && !equals(list, step)) {
        return false;
      } else if (step.kind == Step::Kind::write) {
        registers_[step.key] = step.value;
      } else if (step.kind == Step::Kind::read_register && registers_[step.key] != step.value) {
        return false;
      }
    }
    return true;
  }

 private:
  /// A list that differs has an element that no read shows there.
  bool equals(const GrowingList& list, const Step& read) const {
    if (read.length != list.length) return false;
    if (list.differs) return false;
    const auto own = transactions_.list_of(read);
    const auto longest = orders_.longest_read(read.key);
    return own.data() == longest.data() || std::equal(own.begin(), own.end(), longest.begin());
  }

  const Transactions& transactions_;
  const ListOrders& orders_;
  std::vector<GrowingList> lists_;
  std::vector<ValueId> registers_;
};

}  // namespace

bool explains_all_reads(const Transactions& transactions, const ListOrders& orders,
                        std::span<const TransactionId> order) {
  const auto& all = transactions.transactions;
  std::vector<bool> executed(all.size(), false);
  Execution execution(transactions, orders);
  for (const auto id : order) {
    if (executed[id] || !orders.is_committed(id) || !execution.runs(id)) return false;
    executed[id] = true;
  }
  std::size_t committed = 0;
  for (TransactionId id = 0; id < all.size(); ++id) committed += orders.is_committed(id) ? 1 : 0;
  return committed == order.size();
}

}  // namespace sunder::checker::isolation
