#include "checker/objects/bag_counts.h"

#include <algorithm>
#include <utility>

#include "checker/linearizability/value_table.h"

namespace sunder::checker {

namespace {

using history::Operation;
using history::Position;
using Operations = std::span<const Operation* const>;

/// The operations of one value, enqueues by invocation.
struct Copies {
  std::vector<std::size_t> enqueues;
  std::vector<std::size_t> dequeues;
};

/// The value of a dequeue or of a part of a drain; null if it found nothing, or took several.
const history::Value* value_taken(const Operation& operation) {
  if (operation.f != "drain") return operation.result.is_nil() ? nullptr : &operation.result;
  const auto* drained = operation.result.list();
  return drained == nullptr || drained->size() != 1 ? nullptr : &drained->front();
}

/// Enqueues as early as possible, dequeues as late as possible.
std::vector<std::size_t> order_of(Operations operations) {
  std::vector<std::pair<Position, std::size_t>> moments;
  for (std::size_t place = 0; place < operations.size(); ++place) {
    const auto& operation = *operations[place];
    if (is_void(operation)) continue;
    if (operation.f == "enqueue") {
      moments.emplace_back(operation.invoked, place);
    } else if (is_answered(operation)) {
      moments.emplace_back(operation.returned, place);
    }
  }
  std::sort(moments.begin(), moments.end());
  std::vector<std::size_t> order;
  for (const auto& [moment, place] : moments) order.push_back(place);
  return order;
}

/// The operations up to the first dequeue that comes too early; empty if none does.
std::vector<std::size_t> conflict_of(Copies& copies, Operations operations) {
  std::sort(copies.dequeues.begin(), copies.dequeues.end(), [&](auto left, auto right) {
    return operations[left]->returned < operations[right]->returned;
  });
  for (std::size_t i = 0; i < copies.dequeues.size(); ++i) {
    const auto returned = operations[copies.dequeues[i]]->returned;
    const bool has_enqueue =
        i < copies.enqueues.size() && operations[copies.enqueues[i]]->invoked < returned;
    if (has_enqueue) continue;
    std::vector<std::size_t> conflict(copies.dequeues.begin(),
                                      copies.dequeues.begin() + static_cast<std::ptrdiff_t>(i + 1));
    conflict.insert(conflict.end(), copies.enqueues.begin(), copies.enqueues.end());
    std::sort(conflict.begin(), conflict.end());
    return conflict;
  }
  return {};
}

}  // namespace

FastAnswer decide_by_bag_counts(Operations operations, Budget& budget, Asked asked) {
  using Kind = FastAnswer::Kind;
  ValueMap<Copies> values;
  bool has_takers = false;
  for (std::size_t place = 0; place < operations.size(); ++place) {
    const auto& operation = *operations[place];
    budget.spend();
    if (is_void(operation)) continue;
    if (operation.f == "enqueue") {
      values.of(operation.argument).enqueues.push_back(place);
    } else if (is_answered(operation)) {
      const auto* taken = value_taken(operation);
      if (taken == nullptr || operation.weakened) return {};
      values.of(*taken).dequeues.push_back(place);
    } else {
      has_takers = true;
    }
  }
  for (std::uint32_t number = 0; number < values.size(); ++number) {
    auto conflict = conflict_of(values[number], operations);
    if (conflict.empty()) continue;
    FastAnswer answer{Kind::not_linearizable, std::move(conflict)};
    answer.dequeues_stay = has_takers;
    return answer;
  }
  FastAnswer answer{Kind::linearizable, {}};
  if (asked == Asked::order) answer.order = order_of(operations);
  return answer;
}

}  // namespace sunder::checker
