#pragma once
// Cycles of transactions and their classes: G0 has only ww edges; G1c ww and wr; G-single exactly
// one rw; G-nonadjacent several rw, no two in a row; G2-item two rw in a row. A cycle that needs
// the order of a client or real time belongs to the class of that order: "G-single-process".
// Invariant: a cycle is simple, and each of its edges ends where the next one begins.

#include <cstdint>
#include <string>
#include <vector>

#include "checker/isolation/account.h"
#include "checker/isolation/level.h"
#include "checker/isolation/list_orders.h"
#include "checker/isolation/transactions.h"

namespace sunder::checker::isolation {

enum class Shape : std::uint8_t { g0, g1c, g_single, g_nonadjacent, g2_item };

struct CycleClass {
  Shape shape = Shape::g0;
  Order order = Order::values;

  friend auto operator<=>(const CycleClass&, const CycleClass&) = default;
};

struct CycleEdge {
  EdgeKind kind = EdgeKind::ww;
  TransactionId from = 0;
  TransactionId to = 0;
  /// Of ww, wr, rw.
  KeyId key = 0;

  friend auto operator<=>(const CycleEdge&, const CycleEdge&) = default;
};

using Cycle = std::vector<CycleEdge>;

/// "G-single-realtime"
std::string name_of(CycleClass cycle_class);
CycleClass class_of(const Cycle& cycle);
/// The weakest levels without such cycles.
std::vector<Level> ruled_out_by(CycleClass cycle_class);

/// Whether all of it happened whatever became of unanswered transactions, and all reads of its keys
/// agree. Of cycles of writes only those rule out read uncommitted, which allows dirty reads.
bool is_certain(const Cycle& cycle, const Transactions& transactions, const ListOrders& orders);

/// The simple cycles that a closed walk consists of.
std::vector<Cycle> simple_cycles_of(const Cycle& walk);

/// The same cycle, beginning where two equal cycles begin alike.
Cycle canonical(const Cycle& cycle);

}  // namespace sunder::checker::isolation
