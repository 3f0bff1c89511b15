#pragma once
// A seeded bug: one part of the node replaced by a mistaken one. The table in mutants.cc names
// where each mistake was made for real. A mutant says when it was *reached*: when its wrong answer
// differed from the right one. A run in which that never happened shows nothing about the tester.
// The surprise: some cannot do harm in this node, and say why; they are neither found nor missed.

#include <functional>
#include <span>
#include <string_view>

#include "node/parts.h"

namespace sunder {

using Reached = std::function<void()>;

/// The run that is likely to find a mutant.
struct Hunt {
  std::string_view nemesis;
  int nodes = 5;
  /// What goes behind `--system raft:`; may be empty.
  std::string_view system{};
  /// Further flags of `sunder run`; may be empty.
  std::string_view flags{};
  std::string_view workload = "register";
};

struct Mutant {
  std::string_view id;
  std::string_view name;
  std::string_view mistake;
  /// The real system that made it.
  std::string_view source;
  /// What provokes it, and what it breaks.
  std::string_view faults;
  std::string_view breaks;
  /// Null if there is nothing in this node that could make the mistake.
  void (*install)(Parts&, const Reached&);
  Hunt hunt;
  /// Why it cannot be found in this node, however it is tested; empty if it can.
  std::string_view argument{};
};

/// In the order of the catalogue.
std::span<const Mutant> mutants();

/// By id or name; throws std::invalid_argument naming what is allowed.
const Mutant& find_mutant(std::string_view id_or_name);

/// The parts of a node that makes its mistake; throws std::invalid_argument if none can.
Parts parts_with(const Mutant& mutant, const Reached& reached);

/// Says in the trace that it was reached, once a second at most. The trace must outlive it.
Reached record_reached(TraceSink& trace, const Mutant& mutant, std::function<raft::Time()> now);

}  // namespace sunder
