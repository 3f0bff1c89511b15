#pragma once
// How a mistake takes the place of a rule: it is asked beside the right one, and where their
// answers differ it was reached.

#include <functional>
#include <utility>

#include "node/mutants/mutant.h"

namespace sunder::mistakes {

/// `wrong` is given the right answer first, then what the rule was asked.
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
