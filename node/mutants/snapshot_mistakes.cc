#include "node/mutants/mistakes.h"
#include "node/mutants/replaced_rule.h"

namespace sunder::mistakes {

using raft::Log;
using raft::LogPosition;

/// The log has an entry at the snapshot's last index, and its term is not compared.
void keep_a_conflicting_suffix(Parts& parts, const Reached& reached) {
  replace(parts.rules.keeps_suffix, reached, [](bool, const Log& log, LogPosition edge) {
    return log.term_at(edge.index).has_value();
  });
}

void install_old_snapshots(Parts& parts, const Reached& reached) {
  replace(parts.rules.installs_snapshot, reached, [](bool, Index, Index) { return true; });
}

void take_every_piece(Parts& parts, const Reached& reached) {
  replace(parts.rules.piece_fits, reached, [](bool, std::uint64_t, std::uint64_t) { return true; });
}

/// The term of the compacted entry at the edge is not kept, so the comparison fails.
void forget_the_term_at_the_edge(Parts& parts, const Reached& reached) {
  replace(parts.rules.entry_matches, reached, [](bool right, const Log& log, LogPosition previous) {
    const bool is_edge = previous.index == log.edge().index && previous.index.value != 0;
    return right && !is_edge;
  });
}

}  // namespace sunder::mistakes
