#include "harness/commands/commands.h"

#include <array>

namespace sunder::harness::commands {

namespace {

constexpr std::array table{
    Command{"run", "run one test: start the system, inject faults, judge, report", run},
    Command{"campaign", "carry out many runs: one table, one exit code", campaign},
    Command{"simulate", "carry out many runs in simulated time, one for each seed", simulate},
    Command{"replay", "repeat a failed run and count how often it fails the same way", replay},
    Command{"shrink", "find the fewest faults with which a failed run still fails", shrink},
    Command{"check", "judge a stored run or a history file", check},
    Command{"report", "draw the page of a stored run again", report},
    Command{"serve", "show all runs and campaigns in a browser", serve},
    Command{"system", "check a file that describes a system, and start the system by it", system},
    Command{"list", "list systems, workloads, nemeses, models or mutants", list},
};

}  // namespace

std::span<const Command> all_commands() {
  return table;
}

}  // namespace sunder::harness::commands
