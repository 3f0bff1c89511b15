#include "checker/isolation/session_guarantees.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <vector>

namespace sunder::checker::isolation {

namespace {

/// A step of a client on a key.
struct ClientStep {
  std::uint32_t client = 0;
  KeyId key = 0;
  TransactionId id = 0;
  const Step* step = nullptr;
};

/// A place in the order of a key that a client saw or wrote.
struct SeenPlace {
  std::uint32_t place = 0;
  TransactionId id = nobody;
  const Step* step = nullptr;

  void raise(std::uint32_t other, TransactionId by, const Step* with) {
    if (id == nobody || other > place) *this = {other, by, with};
  }
};

class SessionSearch {
 public:
  SessionSearch(const Transactions& transactions, const ListOrders& orders, const Wording& wording,
                Anomalies& found)
      : transactions_(transactions), orders_(orders), wording_(wording), found_(found) {}

  void find(std::span<const TransactionId> suspects) {
    std::vector<ClientStep> steps;
    for (const auto id : suspects) {
      const auto& transaction = transactions_.transactions[id];
      if (transaction.outcome != history::Outcome::ok) continue;
      for (const auto& step : transactions_.steps_of(transaction)) {
        if (orders_.is_disputed(step.key)) continue;
        const bool counts = step.kind == Step::Kind::append ||
                            (step.kind == Step::Kind::read_list && orders_.fits(step));
        if (counts) steps.push_back({transaction.process, step.key, id, &step});
      }
    }
    std::stable_sort(steps.begin(), steps.end(), [](const auto& left, const auto& right) {
      return std::tie(left.client, left.key, left.id) < std::tie(right.client, right.key, right.id);
    });
    const ClientStep* previous = nullptr;
    for (std::size_t begin = 0; begin < steps.size();) {
      auto end = begin;
      const auto& first = steps[begin];
      while (end < steps.size() && steps[end].client == first.client &&
             steps[end].key == first.key && steps[end].id == first.id) {
        ++end;
      }
      const bool goes_on =
          previous != nullptr && previous->client == first.client && previous->key == first.key;
      if (!goes_on) read_ = written_ = {};
      look_at(std::span(steps).subspan(begin, end - begin));
      previous = &first;
      begin = end;
    }
  }

 private:
  static constexpr auto last_of_all = std::numeric_limits<std::uint32_t>::max();

  bool is_ok(TransactionId id) const {
    return id != nobody && transactions_.transactions[id].outcome == history::Outcome::ok;
  }

  /// Whether a prefix lacks an append of an ok transaction that a longer one has.
  bool is_older(const Step& read, const Step& other) const {
    const auto list = transactions_.list_of(other);
    for (auto i = read.length; i < list.size(); ++i) {
      if (is_ok(orders_.writer_of(other.key, list[i]))) return true;
    }
    return false;
  }

  /// The steps of one transaction on one key, behind those of its client's earlier ones.
  void look_at(std::span<const ClientStep> steps) {
    const ClientStep* oldest_append = nullptr;
    for (const auto& each : steps) {
      if (each.step->kind != Step::Kind::append) {
        compare_read(each);
      } else if (oldest_append == nullptr ||
                 place_of(*each.step) < place_of(*oldest_append->step)) {
        oldest_append = &each;
      }
    }
    if (oldest_append != nullptr) compare_append(*oldest_append);
    for (const auto& each : steps) {
      if (each.step->kind == Step::Kind::append) {
        written_.raise(place_of(*each.step), each.id, each.step);
      } else {
        read_.raise(each.step->length, each.id, each.step);
      }
    }
  }

  std::uint32_t place_of(const Step& append) const {
    const auto place = orders_.place_of(append.key, append.value);
    return place == 0 ? last_of_all : place;
  }

  void compare_read(const ClientStep& own) {
    const auto& read = *own.step;
    if (written_.id != nobody && read.length < written_.place) {
      add("read-your-writes", Model::read_your_writes,
          {{EdgeKind::rw, own.id, written_.id, read.key}}, written_.id, own);
    }
    if (read_.id != nobody && is_older(read, *read_.step)) add_with_writer(own, EdgeKind::rw);
  }

  void compare_append(const ClientStep& own) {
    const auto& append = *own.step;
    const auto place = place_of(append);
    if (place == last_of_all) return;
    if (written_.id != nobody && place < written_.place) {
      add("monotonic-writes", Model::monotonic_writes,
          {{EdgeKind::ww, own.id, written_.id, append.key}}, written_.id, own);
    }
    if (read_.id != nobody && place <= read_.place) add_with_writer(own, EdgeKind::ww);
  }

  /// The client read the append of a third transaction before.
  void add_with_writer(const ClientStep& own, EdgeKind kind) {
    const auto last = transactions_.list_of(*read_.step).back();
    const auto writer = orders_.writer_of(own.key, last);
    Cycle front;
    if (writer == own.id) {
      front = {{EdgeKind::wr, own.id, read_.id, own.key}};
    } else if (writer != nobody && writer != read_.id) {
      front = {{kind, own.id, writer, own.key}, {EdgeKind::wr, writer, read_.id, own.key}};
    }
    if (kind == EdgeKind::rw) {
      add("monotonic-reads", Model::monotonic_reads, front, read_.id, own);
    } else {
      add("writes-follow-reads", Model::writes_follow_reads, front, read_.id, own);
    }
  }

  void add(const char* name, Model model, Cycle front, TransactionId before,
           const ClientStep& own) {
    found_.add(name, transactions_.keys[own.key].name, {{model, Order::values}}, [&] {
      const CycleEdge order{EdgeKind::process, before, own.id, 0};
      Anomaly anomaly;
      if (front.empty()) {
        anomaly.transactions = {before, own.id};
        anomaly.sentence = wording_.step(own.id, *own.step) + " is older than " +
                           wording_.step_alone(before, *read_.step) + "; " +
                           wording_.reason(order, orders_);
      } else {
        front.push_back(order);
        anomaly = wording_.anomaly_of(front, orders_);
      }
      return anomaly;
    });
  }

  const Transactions& transactions_;
  const ListOrders& orders_;
  const Wording& wording_;
  Anomalies& found_;
  /// Of the client and the key that are looked at: the greatest place so far.
  SeenPlace read_;
  SeenPlace written_;
};

}  // namespace

void find_broken_sessions(const Transactions& transactions, const ListOrders& orders,
                          std::span<const TransactionId> suspects, const Wording& wording,
                          Anomalies& found) {
  SessionSearch(transactions, orders, wording, found).find(suspects);
}

}  // namespace sunder::checker::isolation
