#include "node/mutants/mistakes.h"

namespace sunder::mistakes {

void ignore_the_term_before_the_entries(Parts& parts, const Reached& reached) {
  parts.rules.entry_matches = [right = parts.rules.entry_matches, reached](
                                  const raft::Log& log, raft::LogPosition previous) {
    const bool answer = previous.index <= log.last().index;
    if (answer != right(log, previous)) reached();
    return answer;
  };
}

}  // namespace sunder::mistakes
