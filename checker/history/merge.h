#pragma once
// A history of several files, such as one of each client. Only times say how their events follow
// one another, so each event needs one, and the clocks must agree. Events of one time are
// concurrent. Surprise: a process number in two files is one client unless its operations there
// overlap: then all processes of different files are different clients.

#include <string>
#include <vector>

#include "checker/budget.h"
#include "checker/history/event_order.h"
#include "checker/history/history.h"

namespace sunder::history {

struct FileEvents {
  std::string name;
  std::vector<LinedEvent> events;
  std::vector<std::string> warnings;
  bool is_of_jepsen = false;
  std::vector<std::string> assumptions;
  bool clients_are_known = true;
};

/// `order` says whether a file whose lines contradict its times is refused (checked). Throws
/// AssumptionBroken.
History merge_by_time(std::vector<FileEvents> files, EventOrder order, checker::Budget& budget);

}  // namespace sunder::history
