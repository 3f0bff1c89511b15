#pragma once
// How transactions, values and edges are called in sentences: "T701's read of [] at key 34 did not
// see T692's append of 1". Long lists show their last elements only.

#include <span>
#include <string>
#include <vector>

#include "checker/history/history.h"
#include "checker/isolation/cycle.h"
#include "checker/isolation/isolation.h"
#include "checker/isolation/list_orders.h"
#include "checker/isolation/transactions.h"

namespace sunder::checker::isolation {

class Wording {
 public:
  Wording(const history::History& history, const Transactions& transactions)
      : history_(history), transactions_(transactions) {}

  std::string key(KeyId key) const;
  std::string value(KeyId key, ValueId value) const;
  /// "[… 4, 5]"
  std::string list(KeyId key, std::span<const ValueId> elements) const;
  /// "T7's read of [1, 2] at key x", "T7's append of 3 to key x"
  std::string step(TransactionId id, const Step& step) const;
  /// Without the key: "T7's append of 3".
  std::string step_alone(TransactionId id, const Step& step) const;

  /// Of an edge that values show, of a client's order or of real time.
  std::string reason(const CycleEdge& edge, const ListOrders& orders) const;

  /// With its reasons; begins with an rw edge if there is one.
  Anomaly anomaly_of(const Cycle& cycle, const ListOrders& orders) const;

 private:
  std::string reason_in_order(const CycleEdge& edge) const;
  /// Of an edge of ww, wr or rw at a register.
  std::string reason_at_register(const CycleEdge& edge, const ListOrders& orders) const;
  /// The last one of that key; null if there is none.
  const Step* last_write(TransactionId id, KeyId key) const;
  std::string reason_of_ww(const CycleEdge& edge, const ListOrders& orders) const;
  std::string reason_of_wr(const CycleEdge& edge, const ListOrders& orders) const;
  std::string reason_of_rw(const CycleEdge& edge, const ListOrders& orders) const;

  const history::History& history_;
  const Transactions& transactions_;
};

/// The reasons of a cycle's edges in one sentence.
std::string sentence_of(const std::vector<Edge>& cycle);

}  // namespace sunder::checker::isolation
