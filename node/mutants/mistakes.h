#pragma once
// What each mutant does wrong. Each function puts one mistaken part in the place of the right one.

#include "node/mutants/mutant.h"

namespace sunder::mistakes {

void forget_votes_on_disk(Parts& parts, const Reached& reached);
void ignore_the_term_before_the_entries(Parts& parts, const Reached& reached);
void read_without_quorum(Parts& parts, const Reached& reached);
void acknowledge_before_commit(Parts& parts, const Reached& reached);

}  // namespace sunder::mistakes
