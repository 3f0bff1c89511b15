#pragma once
// Decides a text that is written, appended to and read, exactly, if each read can be split into
// what was written and appended in one way. An append that a read shows behind a known beginning is
// a compare-and-set whose expected value is known, so a write and the appends that reads show
// behind it are a chain of zones.h. What no read shows is a write of its own: nobody saw what it
// left. Surprise: a proof is about a few tokens. Erasing an appended token from its append and from
// every read leaves a history linearizable if it was, so the shown reads are cut to the tokens that
// matter (FastAnswer::cut_results).

#include <span>
#include <string>

#include "checker/budget.h"
#include "checker/history/operation.h"
#include "checker/linearizability/fast_answer.h"

namespace sunder::checker {

/// Takes the operations of one key, sorted by invocation. Ignores failed ones. Not applicable if a
/// token is empty, is written or appended twice, or texts can be split in several ways.
FastAnswer decide_by_text_chains(std::span<const history::Operation* const> operations,
                                 const std::string& initial, Budget& budget,
                                 Asked asked = Asked::verdict);

}  // namespace sunder::checker
