#pragma once
// A map of strings, of which each key is an independent object: read, write, append. A key that was
// never written is empty, or has the parameter `initial`; a read of it returns that or nil.

#include <stdexcept>
#include <string>
#include <vector>

#include "checker/history/value.h"
#include "checker/models/model.h"

namespace sunder::checker {

struct Kv {
  using State = std::string;
  static constexpr std::string_view name = "kv";
  static constexpr std::string_view description = "strings by key: read, write, append";
  static constexpr bool per_key = true;
  static constexpr Family family = Family::texts;

  State first;

  static std::vector<Parameter<Kv>> parameters() {
    return {{"initial", meaning_of_initial, [](Kv& model, const history::Value& value) {
               if (value.text() == nullptr) throw std::invalid_argument("kv takes a text");
               model.first = *value.text();
             }}};
  }

  State initial() const { return first; }

  Step<State> step(const State& state, const history::Operation& operation) const {
    if (operation.f == "write") return Step<State>::to(text_of(operation.argument));
    if (operation.f == "append") return Step<State>::to(state + text_of(operation.argument));
    const bool fits =
        operation.outcome != history::Outcome::ok || state == answer_of(operation.result);
    return fits ? Step<State>::to(state) : Step<State>::illegal();
  }

  Role role(const history::Operation& operation) const {
    const auto is_text = [](const history::Value& value) {
      return value.is_nil() || value.text() != nullptr;
    };
    if (!is_text(operation.argument) || !is_text(operation.result)) return Role::foreign;
    if (operation.f == "read") return Role::observer;
    if (operation.f == "write") return Role::overwriter;
    return operation.f == "append" ? Role::updater : Role::foreign;
  }

  std::size_t hash(const State& state) const { return std::hash<std::string>{}(state); }
  history::Value shown(const State& state) const { return state; }
  std::size_t memory_bytes(const State& state) const { return state.capacity(); }

  bool may_affect(const history::Operation& operation, const history::Operation& other) const {
    if (operation.f == "read" || other.f != "read") return false;
    const auto seen = answer_of(other.result);
    return seen.find(text_of(operation.argument)) != std::string::npos;
  }

  /// Appending only adds at the end.
  bool can_lead_to(const State& state, const history::Operation& read) const {
    return answer_of(read.result).substr(0, state.size()) == state;
  }

 private:
  /// nil: as it was at the start.
  std::string answer_of(const history::Value& result) const {
    return result.is_nil() ? first : text_of(result);
  }
  static std::string text_of(const history::Value& value) {
    return value.text() != nullptr ? *value.text() : std::string();
  }
};

static_assert(Model<Kv>);

}  // namespace sunder::checker
