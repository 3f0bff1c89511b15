#include "checker/history/keyed_values.h"

#include <algorithm>

#include <fmt/format.h>

namespace sunder::history {

namespace {

/// The value's two parts, if it has exactly two and the first can be a key.
const List* pair_in(const Value& value) {
  const auto* list = value.list();
  const bool is_pair = list != nullptr && list->size() == 2 && !list->front().is_nil() &&
                       list->front().list() == nullptr && list->front().object() == nullptr;
  return is_pair ? list : nullptr;
}

bool is_nothing(const Value& value) {
  const auto* list = value.list();
  return value.is_nil() ||
         (list != nullptr && !list->empty() &&
          std::all_of(list->begin(), list->end(), [](const Value& each) { return each.is_nil(); }));
}

/// A read asks for nothing, so what stands behind its key is nil, or [nil nil] where answers have
/// versions. A cas without a key is a pair of
/// values itself; with a key it is a key and a pair.
bool asks_with_a_pair(const Operation& operation) {
  const auto* pair = pair_in(operation.argument);
  if (pair == nullptr) return false;
  if (operation.f == "read") return is_nothing(pair->back());
  return operation.f != "cas" || pair_in(pair->back()) != nullptr || pair->back().list() != nullptr;
}

bool is_keyed(const Operation& operation) {
  if (!operation.key.empty() || !asks_with_a_pair(operation)) return false;
  if (operation.outcome != Outcome::ok) return true;
  const auto* answered = pair_in(operation.result);
  return answered != nullptr && answered->front() == operation.argument.list()->front();
}

void split(Operation& operation) {
  operation.key = key_name(operation.argument.list()->front());
  operation.argument = Value(operation.argument.list()->back());
  operation.result = operation.outcome == Outcome::ok ? Value(operation.result.list()->back())
                                                      : operation.argument;
}

}  // namespace

bool values_are_keyed(const History& history) {
  const auto& all = history.operations;
  return !all.empty() && std::all_of(all.begin(), all.end(), is_keyed);
}

void take_keys(History& history, Keys keys) {
  auto& all = history.operations;
  if (keys == Keys::none) {
    for (auto& operation : all) operation.key = {};
    return;
  }
  if (keys == Keys::field || (keys == Keys::automatic && !values_are_keyed(history))) return;
  for (auto& operation : all) {
    if (!is_keyed(operation)) {
      throw AssumptionBroken(history.place_of(operation.invoked),
                             fmt::format("{} {} is no [key value], or is answered with another key",
                                         operation.f, to_json(operation.argument)));
    }
    split(operation);
  }
  history.assumptions.emplace_back("values are [key value]");
}

}  // namespace sunder::history
