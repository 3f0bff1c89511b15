#include "checker/linearizability/witness.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "checker/linearizability/sentence.h"

namespace sunder::checker {

namespace {

using history::Operation;
using history::Outcome;
using history::Position;

/// Of a state that is shown whole.
constexpr std::size_t most_elements = 32;

std::string named(const Operation& operation) {
  return fmt::format("{}'s \"{}\"", name_of_client(operation), label_of(operation));
}

/// An operation that takes effect at that moment: right behind the event at that position.
struct Effect {
  Position moment;
  std::size_t object;
  const Operation* operation;
};

/// Of several keys' orders one order: each effect is as early as its key's order allows.
std::vector<Effect> merged(std::span<const EffectOrder> orders) {
  std::vector<Effect> effects;
  for (std::size_t object = 0; object < orders.size(); ++object) {
    Position moment = -1;
    for (const auto* operation : orders[object].order) {
      moment = std::max(moment, operation->invoked);
      effects.push_back({moment, object, operation});
    }
  }
  std::stable_sort(effects.begin(), effects.end(), [](const Effect& left, const Effect& right) {
    return left.moment < right.moment;
  });
  return effects;
}

void append_line(std::string& out, std::size_t position, const Operation& operation,
                 const history::Value& state) {
  fmt::format_to(std::back_inserter(out), "{{\"position\":{},\"process\":{},\"f\":", position,
                 static_cast<std::int64_t>(operation.process));
  history::append_json_string(out, operation.f);
  if (!operation.key.empty()) {
    out += ",\"key\":";
    history::append_json_string(out, operation.key);
  }
  out += ",\"value\":";
  append_json(out, operation.argument);
  if (is_answered(operation) && !(operation.result == operation.argument)) {
    out += ",\"result\":";
    append_json(out, operation.result);
  }
  fmt::format_to(std::back_inserter(out),
                 ",\"outcome\":\"{}\",\"state\":", name_of(operation.outcome));
  append_json(out, state);
  out += "}\n";
}

}  // namespace

std::string flaw_of(const EffectOrder& order, const ErasedModel& model, Budget& budget) {
  const auto replica = model.make_replica();
  Position latest_invocation = -1;
  std::vector<const Operation*> placed;
  for (const auto* operation : order.order) {
    budget.spend(heap_bytes_of(*operation));
    latest_invocation = std::max(latest_invocation, operation->invoked);
    if (operation->returned < latest_invocation) {
      return named(*operation) + " stands behind an operation that was invoked later";
    }
    if (is_void(*operation)) return named(*operation) + " had failed";
    if (!replica->apply(*operation)) return named(*operation) + " was not possible there";
    placed.push_back(operation);
  }
  std::sort(placed.begin(), placed.end());
  if (std::adjacent_find(placed.begin(), placed.end()) != placed.end()) {
    return "an operation is there twice";
  }
  for (const auto* operation : order.operations) {
    if (!must_happen(*operation)) continue;
    if (!std::binary_search(placed.begin(), placed.end(), operation)) {
      return named(*operation) + " is missing";
    }
  }
  return {};
}

std::string witness_lines(std::span<const EffectOrder> orders, const ErasedModel& model,
                          Budget& budget) {
  std::vector<std::unique_ptr<Replica>> replicas;
  for (std::size_t i = 0; i < orders.size(); ++i) replicas.push_back(model.make_replica());
  std::string lines;
  std::size_t position = 0;
  for (const auto& effect : merged(orders)) {
    budget.spend(heap_bytes_of(*effect.operation));
    auto& replica = *replicas[effect.object];
    replica.apply(*effect.operation);
    if (lines.size() == lines.capacity()) budget.expect(2 * lines.size());
    append_line(lines, position++, *effect.operation, replica.shown(most_elements));
  }
  return lines;
}

}  // namespace sunder::checker
