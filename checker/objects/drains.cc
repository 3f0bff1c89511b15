#include "checker/objects/drains.h"

#include <algorithm>

#include "checker/linearizability/value_table.h"

namespace sunder::checker {

namespace {

using history::List;
using history::never;
using history::Operation;
using history::Position;

bool is_whole_drain(const Operation& operation) {
  return operation.f == "drain" && must_happen(operation);
}

}  // namespace

std::vector<Operation> parts_of_drain(const Operation& drain) {
  std::vector<Operation> parts;
  const auto* drained = drain.result.list();
  for (std::size_t i = 0; drained != nullptr && i < drained->size(); ++i) {
    parts.push_back(drain);
    parts.back().result = List{(*drained)[i]};
  }
  parts.push_back(drain);
  parts.back().result = List{};
  return parts;
}

void split_drains(std::vector<const Operation*>& operations, std::deque<Operation>& parts,
                  Budget& budget) {
  const auto is_whole = [](const Operation* each) { return is_whole_drain(*each); };
  if (std::none_of(operations.begin(), operations.end(), is_whole)) return;
  // By value: the first invocation of an enqueue.
  ValueMap<Position> enqueued;
  for (const auto* operation : operations) {
    budget.spend();
    if (operation->f != "enqueue" || is_void(*operation)) continue;
    const auto known = enqueued.size();
    const auto number = enqueued.number_of(operation->argument);
    if (number == known) enqueued[number] = operation->invoked;
  }
  std::vector<const Operation*> split;
  for (const auto* operation : operations) {
    if (!is_whole_drain(*operation)) {
      split.push_back(operation);
      continue;
    }
    budget.spend(2 * heap_bytes_of(*operation));
    auto last = operation->invoked;
    for (auto& part : parts_of_drain(*operation)) {
      auto& kept = parts.emplace_back(std::move(part));
      split.push_back(&kept);
      const auto& taken = *kept.result.list();
      if (taken.empty()) {
        kept.invoked = last;
        continue;
      }
      const auto known = enqueued.size();
      const auto number = enqueued.number_of(taken.front());
      if (number == known) enqueued[number] = never;  // Nobody enqueued it.
      const auto from = enqueued[number];
      if (from < operation->returned) last = std::max(last, from);
    }
  }
  std::stable_sort(split.begin(), split.end(), [](const auto* left, const auto* right) {
    return left->invoked < right->invoked;
  });
  operations = std::move(split);
}

}  // namespace sunder::checker
