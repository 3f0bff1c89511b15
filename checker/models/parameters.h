#pragma once
// What a model can be told besides its name: `--initial 0`. A model lists what it takes in a static
// function `parameters()`, one row each; the flags of `check` and `run` are made of these rows.

#include <map>
#include <string>
#include <string_view>

#include "checker/history/value.h"

namespace sunder::checker {

/// By name.
using Parameters = std::map<std::string, history::Value>;

template <typename M>
struct Parameter {
  std::string_view name;
  /// For `--help`.
  std::string_view meaning;
  /// Throws std::invalid_argument that says which values are possible.
  void (*set)(M& model, const history::Value& value);
};

constexpr std::string_view meaning_of_initial = "value of a key that was never written";

}  // namespace sunder::checker
