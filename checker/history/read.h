#pragma once
// Reads a history of any format into a History, from a file, a pipe, a packed file or several
// files. The content shows the format (format.h).

#include <filesystem>

#include "checker/budget.h"
#include "checker/history/event_order.h"
#include "checker/history/format.h"
#include "checker/history/history.h"
#include "checker/history/jsonl.h"
#include "checker/history/keyed_values.h"
#include "checker/history/places.h"
#include "checker/history/spelling.h"

namespace sunder::history {

/// Passes on the events one by one and returns the warnings. Memory does not grow with the file.
std::vector<std::string> read_events(LineReader& lines, Format format, const EventSink& sink);
std::vector<std::string> read_events(const std::filesystem::path& path, Format format,
                                     const EventSink& sink);

/// Throws InputError for unreadable input, AssumptionBroken for a history that must not be checked.
/// For histories that sunder recorded. Of other formats, values that are keyed are taken apart.
History read_history(const std::filesystem::path& path, Format format);
History read_history(const std::filesystem::path& path);
/// As above. Throws checker::BudgetSpent if the file is too large or too slow to read.
History read_history(const std::filesystem::path& path, Format format, checker::Budget& budget);
History read_history(const std::filesystem::path& path, checker::Budget& budget);

/// How to understand a file where it could mean something else.
struct Interpretation {
  EventOrder order = EventOrder::checked;
  Keys keys = Keys::automatic;
  Vocabulary names = {};
  /// Operations are called as in the file, but for `names`: the model is not one of sunder's.
  bool keeps_names = false;
  /// 0: as many as there are cores.
  unsigned threads = 0;
};

/// For histories that anyone recorded. What was assumed is in `assumptions`. Throws as
/// read_history.
History read_foreign_history(const HistorySource& source, const Interpretation& interpretation,
                             checker::Budget& budget);

}  // namespace sunder::history
