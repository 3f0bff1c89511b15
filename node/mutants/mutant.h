#pragma once
// A seeded bug: one part of the node replaced by a mistaken one. The table in mutants.cc names
// where each mistake was made for real. A mutant says when it was *reached*: when its wrong answer
// differed from the right one. A run in which that never happened shows nothing about the tester.

#include <functional>
#include <string_view>
#include <vector>

#include "node/parts.h"

namespace sunder {

using Reached = std::function<void()>;

struct Mutant {
  std::string_view id;
  std::string_view name;
  std::string_view mistake;
  /// The real system that made it.
  std::string_view source;
  /// What provokes it, and what it breaks (see CONTRIBUTING.md for the abbreviations).
  std::string_view faults;
  std::string_view breaks;
  void (*install)(Parts&, const Reached&);
};

const std::vector<Mutant>& mutants();

/// By id or name; throws std::invalid_argument naming what is allowed.
const Mutant& find_mutant(std::string_view id_or_name);

}  // namespace sunder
