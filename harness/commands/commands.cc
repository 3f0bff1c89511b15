#include "harness/commands/commands.h"

#include <array>

namespace sunder::harness::commands {

namespace {

constexpr std::array table{
    Command{"run", "run one test: launch, break, record, judge, report", run},
    Command{"campaign", "many runs: one table, one exit code", campaign},
    Command{"replay", "carry a failed run out again and count how often it fails", replay},
    Command{"shrink", "the few faults with which a failed run still fails", shrink},
    Command{"check", "judge a stored run or a history file", check},
    Command{"report", "draw the page of a stored run again", report},
    Command{"serve", "a browser over all runs and campaigns", serve},
    Command{"list", "what there is: systems, workloads, nemeses, models, mutants", list},
};

}  // namespace

std::span<const Command> all_commands() {
  return table;
}

}  // namespace sunder::harness::commands
