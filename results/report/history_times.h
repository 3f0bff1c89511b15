#pragma once
// Whether the times of a history that anybody recorded are times. Some files have none, some count
// their events, some have the clock's time. After settle_times() an operation has a time from the
// start of the history, or none has one: then all are 0.

#include <string>

#include "checker/history/history.h"
#include "checker/verdict.h"

namespace sunder::results {

/// Returns what the reader must know about it; empty if the times are as the file has them.
std::string settle_times(history::History& history);

bool has_times(const history::History& history);

/// Gives each event of a history without times its place, counted in milliseconds, as its time; to
/// the operations of the verdict's counterexamples and anomalies too.
void show_places_as_times(history::History& history, checker::Verdict& verdict);

}  // namespace sunder::results
