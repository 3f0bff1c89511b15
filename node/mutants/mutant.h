#pragma once
// A seeded bug: one part of the node is replaced by a mistaken one. The table in mutants.cc names
// the real system that made each mistake. A mutant is *reached* when its wrong result differs from
// the right one. A run in which it is not reached shows nothing about the tester. Surprise: some
// mutants cannot do harm in this node and say why. They are neither found nor missed.

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
  /// Options after `--system raft:`; may be empty.
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
  /// The faults that provoke it, and the properties that it breaks.
  std::string_view faults;
  std::string_view breaks;
  /// Null if no part of this node can make the mistake.
  void (*install)(Parts&, const Reached&);
  Hunt hunt;
  /// Why no test can find it in this node; empty if one can.
  std::string_view argument{};
};

/// In the order of the catalogue.
std::span<const Mutant> mutants();

/// By id or name. Throws std::invalid_argument with the allowed names.
const Mutant& find_mutant(std::string_view id_or_name);

/// The parts of a node with the mistake. Throws std::invalid_argument if no part can make it.
Parts parts_with(const Mutant& mutant, const Reached& reached);

/// Records in the trace that the mutant was reached, at most once a second. The trace must outlive
/// it.
Reached record_reached(TraceSink& trace, const Mutant& mutant, std::function<raft::Time()> now);

}  // namespace sunder
