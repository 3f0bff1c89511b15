#pragma once
// The edges that the values of lists show, between committed transactions:
// - ww: from each writer of a spine to the next one, and from the last one to those of appends that
//   nobody read;
// - wr: from the writer of a read's last element to the reader;
// - rw: from the reader of a prefix to the writer of the next element; from a reader of the whole
//   spine to those of appends that nobody read.
// Surprise: if several appends of a key were not read, rw edges to them go through a chain of
// auxiliary nodes, so that one that read the spine and appends gets no edge to itself.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "checker/isolation/graph.h"
#include "checker/isolation/list_orders.h"
#include "checker/isolation/transactions.h"

namespace sunder::checker::isolation {

/// Calls take(from, Arc) for each of them, in the same order each time.
class ListEdges {
 public:
  ListEdges(const Transactions& transactions, const ListOrders& orders);

  /// Transactions and auxiliary nodes.
  Node node_count() const { return node_count_; }

  template <typename Take>
  void for_each(Take take) const {
    const auto& all = transactions_.transactions;
    for (TransactionId id = 0; id < all.size(); ++id) {
      if (!orders_.is_committed(id)) continue;
      for (const auto& step : transactions_.steps_of(all[id])) {
        if (step.kind == Step::Kind::append) of_append(id, step, take);
        if (step.kind == Step::Kind::read_list) of_read(id, step, take);
      }
    }
    for (KeyId key = 0; key < first_auxiliary_.size(); ++key) of_chains(key, take);
  }

 private:
  template <typename Take>
  void of_append(TransactionId id, const Step& step, Take& take) const {
    const auto place = orders_.place_of(step.key, step.value);
    if (place == 0) return;
    const auto next = orders_.writer_behind(step.key, place);
    if (next != nobody) {
      if (next != id) take(id, Arc(next, ArcKind::ww, step.key));
      return;
    }
    if (orders_.last_writer(step.key) != id) return;
    for (const auto writer : orders_.unobserved(step.key)) {
      if (writer != id) take(id, Arc(writer, ArcKind::ww, step.key));
    }
  }

  template <typename Take>
  void of_read(TransactionId id, const Step& step, Take& take) const {
    if (step.length > 0) {
      const auto last = transactions_.list_of(step).back();
      const auto writer = orders_.writer_of(step.key, last);
      if (writer != nobody && writer != id && orders_.is_committed(writer)) {
        take(writer, Arc(id, ArcKind::wr, step.key));
      }
    }
    if (!orders_.fits(step)) return;
    const auto next = orders_.writer_behind(step.key, step.length);
    if (next == nobody) {
      to_unobserved(id, step.key, take);
    } else if (next != id) {
      take(id, Arc(next, ArcKind::rw, step.key));
    }
  }

  /// Two chains of auxiliary nodes for each such key: node i of the first one leads to the writers
  /// 0 to i, node i of the second one to the writers from i on.
  template <typename Take>
  void to_unobserved(TransactionId id, KeyId key, Take& take) const {
    const auto writers = orders_.unobserved(key);
    const auto count = static_cast<Node>(writers.size());
    if (count < 2) {
      if (count == 1 && writers[0] != id) take(id, Arc(writers[0], ArcKind::rw, key));
      return;
    }
    const auto first = first_auxiliary_[key];
    const auto own = std::lower_bound(writers.begin(), writers.end(), id);
    if (own == writers.end() || *own != id) {
      take(id, Arc(first + count - 1, ArcKind::rw, key));
      return;
    }
    const auto place = static_cast<Node>(own - writers.begin());
    if (place > 0) take(id, Arc(first + place - 1, ArcKind::rw, key));
    if (place + 1 < count) take(id, Arc(first + count + place + 1, ArcKind::rw, key));
  }

  template <typename Take>
  void of_chains(KeyId key, Take& take) const {
    const auto writers = orders_.unobserved(key);
    const auto count = static_cast<Node>(writers.size());
    if (count < 2) return;
    const auto up_to = first_auxiliary_[key];
    const auto from = up_to + count;
    for (Node i = 0; i < count; ++i) {
      take(up_to + i, Arc(writers[i], ArcKind::pass, key));
      take(from + i, Arc(writers[i], ArcKind::pass, key));
      if (i > 0) take(up_to + i, Arc(up_to + i - 1, ArcKind::pass, key));
      if (i + 1 < count) take(from + i, Arc(from + i + 1, ArcKind::pass, key));
    }
  }

  const Transactions& transactions_;
  const ListOrders& orders_;
  Node node_count_;
  /// Of each key: the first of its auxiliary nodes, if it has any.
  std::vector<Node> first_auxiliary_;
};

}  // namespace sunder::checker::isolation
