// sunder-simulator: one run in simulated time. `sunder replay --simulate` starts it, once for each
// seed, since a broken node may take its process with it.
//
//   sunder-simulator FOLDER SEED
//
// FOLDER holds plan.json and schedule.json; what the run leaves is written there. Standard output
// says, one sentence a line, what is not the same as on processes.

#include <csignal>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "harness/exit_code.h"
#include "harness/plan.h"
#include "harness/schedule_file.h"
#include "harness/simulation/replica_options.h"
#include "harness/simulation/simulated_run.h"

namespace {

using namespace sunder::harness;

// For the handler of SIGABRT, which gets nothing to go by.
simulation::SimulatedRun* running = nullptr;

/// A broken invariant of a node, as its own process would have ended by it.
void node_aborts(int) {
  if (running != nullptr && running->node_is_ending("signal 6 (Aborted)")) std::_Exit(0);
}

void simulate(const std::filesystem::path& folder, std::uint64_t seed) {
  const auto store = sunder::results::RunStore::open(folder);
  const auto plan = read_plan(store.plan_path());
  const auto schedule = read_schedule(store.schedule_path(), plan.nodes);
  for (const auto& difference : simulation::differences(plan)) fmt::print("{}\n", difference);
  simulation::SimulatedRun run(plan, schedule, store, seed);
  running = &run;
  std::signal(SIGABRT, node_aborts);
  try {
    run.conduct();
  } catch (const std::exception& error) {
    fmt::print(stderr, "sunder-simulator: {}\n", error.what());
    if (!run.node_is_ending("exit status 255")) throw;
  }
  running = nullptr;
}

}  // namespace

int main(int count, char** words) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  try {
    if (count != 3) throw std::invalid_argument("usage: sunder-simulator FOLDER SEED");
    simulate(words[1], std::stoull(words[2]));
    return 0;
  } catch (const std::invalid_argument& error) {
    fmt::print(stderr, "sunder-simulator: {}\n", error.what());
    return static_cast<int>(ExitCode::bad_arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "sunder-simulator: {}\n", error.what());
    return static_cast<int>(ExitCode::failed);
  }
}
