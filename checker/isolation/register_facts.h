#pragma once
// What the values of registers show: who wrote each version, and which reads saw it. A
// transaction's last write of a key is its version; the ones before it are intermediate. Invariant:
// only committed transactions are here, and each read is of another's version or of the initial
// state. Reads of own, intermediate, failed or unknown writes are anomalies or say nothing.
// Surprise: nodes are the committed transactions only, numbered without gaps.

#include <cstdint>
#include <span>
#include <vector>

#include "checker/isolation/graph.h"
#include "checker/isolation/list_orders.h"
#include "checker/isolation/order_problem.h"
#include "checker/isolation/transactions.h"

namespace sunder::checker::isolation {

/// A read of a register, in the order of the transaction's steps.
struct RegisterRead {
  KeyId key = 0;
  /// From 1 on: an index in the writers of the key. 0: the initial state.
  std::uint32_t version = 0;
  Node reader = 0;
};

class RegisterFacts {
 public:
  RegisterFacts(const Transactions& transactions, const ListOrders& orders);

  const std::vector<TransactionId>& ids() const { return ids_; }
  /// Of a committed transaction.
  Node node_of(TransactionId id) const { return nodes_[id]; }
  /// Sorted, each once. Empty for lists.
  const std::vector<Node>& writers(KeyId key) const { return writers_[key]; }
  /// Sorted by reader.
  const std::vector<RegisterRead>& reads() const { return reads_; }
  Node writer_of(const RegisterRead& read) const { return writers_[read.key][read.version - 1]; }
  bool writes(Node node, KeyId key) const;
  bool are_any() const { return are_any_; }

  /// Keys whose order is open, with the readers for which counts(read) is true.
  template <typename Counts>
  std::vector<OpenKey> open_keys(const Counts& counts) const {
    std::vector<RegisterRead> counted;
    for (const RegisterRead& read : reads_) {
      if (counts(read)) counted.push_back(read);
    }
    return open_keys_of(std::move(counted));
  }
  /// The nodes, and an edge from each version to its readers.
  OrderProblem without_keys(const Transactions& transactions) const;

 private:
  std::vector<OpenKey> open_keys_of(std::vector<RegisterRead> reads) const;
  void find_writers(const Transactions& transactions);
  void find_reads(const Transactions& transactions, const ListOrders& orders);

  std::vector<TransactionId> ids_;
  std::vector<Node> nodes_;
  std::vector<std::vector<Node>> writers_;
  std::vector<RegisterRead> reads_;
  bool are_any_ = false;
};

/// The edges that lists show, and their keys with several appends that no read shows.
void add_lists(const Transactions& transactions, const ListOrders& orders, const Graph& graph,
               const RegisterFacts& facts, OrderProblem& problem);

}  // namespace sunder::checker::isolation
