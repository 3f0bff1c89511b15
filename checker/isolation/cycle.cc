#include "checker/isolation/cycle.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace sunder::checker::isolation {

std::string name_of(CycleClass cycle_class) {
  constexpr std::array<std::string_view, 5> shapes{"G0", "G1c", "G-single", "G-nonadjacent",
                                                   "G2-item"};
  constexpr std::array<std::string_view, 3> orders{"", "-process", "-realtime"};
  return fmt::format("{}{}", shapes.at(static_cast<std::size_t>(cycle_class.shape)),
                     orders.at(static_cast<std::size_t>(cycle_class.order)));
}

CycleClass class_of(const Cycle& cycle) {
  CycleClass found;
  std::size_t wr = 0;
  std::size_t rw = 0;
  bool adjacent = false;
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    const auto kind = cycle[i].kind;
    if (kind == EdgeKind::wr) ++wr;
    if (kind == EdgeKind::process) found.order = std::max(found.order, Order::session);
    if (kind == EdgeKind::real_time) found.order = Order::real_time;
    if (kind != EdgeKind::rw) continue;
    ++rw;
    adjacent = adjacent || cycle[(i + 1) % cycle.size()].kind == EdgeKind::rw;
  }
  if (rw == 0) {
    found.shape = wr == 0 ? Shape::g0 : Shape::g1c;
  } else if (rw == 1) {
    found.shape = Shape::g_single;
  } else {
    found.shape = adjacent ? Shape::g2_item : Shape::g_nonadjacent;
  }
  return found;
}

std::vector<Level> ruled_out_by(CycleClass cycle_class) {
  const auto order = cycle_class.order;
  switch (cycle_class.shape) {
    case Shape::g0:
      return {{Model::read_uncommitted, order}};
    case Shape::g1c:
      return {{Model::read_committed, order}};
    case Shape::g_single:
      return {{Model::consistent_view, order}};
    case Shape::g_nonadjacent:
      return {{Model::repeatable_read, order}, {Model::snapshot_isolation, order}};
    case Shape::g2_item:
      break;
  }
  return {{Model::repeatable_read, order}};
}

bool is_certain(const Cycle& cycle, const Transactions& transactions, const ListOrders& orders) {
  return std::all_of(cycle.begin(), cycle.end(), [&](const CycleEdge& edge) {
    const bool has_key = edge.kind != EdgeKind::process && edge.kind != EdgeKind::real_time;
    return transactions.transactions[edge.from].outcome == history::Outcome::ok &&
           !(has_key && orders.is_disputed(edge.key));
  });
}

std::vector<Cycle> simple_cycles_of(const Cycle& walk) {
  std::vector<Cycle> found;
  Cycle path;
  for (const auto& edge : walk) {
    path.push_back(edge);
    const auto begins = [&](const CycleEdge& each) { return each.from == edge.to; };
    const auto begin = std::find_if(path.begin(), path.end(), begins);
    if (begin == path.end()) continue;
    found.emplace_back(begin, path.end());
    path.erase(begin, path.end());
  }
  return found;
}

Cycle canonical(const Cycle& cycle) {
  auto turned = cycle;
  std::rotate(
      turned.begin(),
      std::min_element(turned.begin(), turned.end(),
                       [](const auto& left, const auto& right) { return left.from < right.from; }),
      turned.end());
  return turned;
}

}  // namespace sunder::checker::isolation
