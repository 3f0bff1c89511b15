#pragma once
// Replaces a rule by a mistaken one. Both are called; the mutant is reached when their results
// differ.

#include <functional>
#include <utility>

#include "node/mutants/mutant.h"

namespace sunder::mistakes {

/// `wrong` gets the right result first, then the rule's arguments.
template <typename Answer, typename... Asked, typename Wrong>
void replace(std::function<Answer(Asked...)>& rule, const Reached& reached, Wrong wrong) {
  rule = [right = std::move(rule), reached, wrong](Asked... asked) -> Answer {
    const Answer right_answer = right(asked...);
    Answer answer = wrong(right_answer, asked...);
    if (!(answer == right_answer)) reached();
    return answer;
  };
}

}  // namespace sunder::mistakes
