// sunder-simulator: runs in simulated time. `sunder simulate` and `sunder replay --simulate`
// execute it.
//
//   sunder-simulator FOLDER SEED
//     Conducts one run. FOLDER holds plan.json and schedule.json, and gets what the run leaves.
//   sunder-simulator A..B JOBS
//     Conducts and judges a run for each seed, JOBS at a time, each in a process of its own.
//     Standard input holds a trial spec (harness/seeds/trial.h). Standard output gets one line for
//     each seed (harness/seeds/seed_result.h), in their order.

#include <algorithm>
#include <csignal>
#include <deque>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "harness/exit_code.h"
#include "harness/output.h"
#include "harness/schedule_file.h"
#include "harness/seeds/simulator_program.h"
#include "harness/simulation/ending_node.h"
#include "harness/simulation/folder_log.h"
#include "harness/simulation/replica_options.h"
#include "harness/simulation/seed_process.h"

namespace {

using namespace sunder::harness;
using simulation::SeedProcess;

void keep_one(const std::filesystem::path& folder, std::uint64_t seed) {
  const auto store = sunder::results::RunStore::open(folder);
  const auto plan = read_plan(store.plan_path());
  const auto schedule = read_schedule(store.schedule_path(), plan.nodes);
  simulation::FolderLog log(store, plan.nodes);
  simulation::SimulatedRun run(plan, schedule, log, seed);
  simulation::conduct(run, [] {});
}

/// Tries seeds in their order, a few at a time, and writes their results in the same order.
class Pool {
 public:
  Pool(const seeds::TrialSpec& spec, const seeds::SeedRange& range, unsigned jobs)
      : spec_(spec), next_(range.first), last_(range.last), jobs_(jobs) {}

  void run() {
    while (next_ || !trials_.empty()) {
      while (next_ && running() < jobs_) {
        trials_.push_back({std::make_unique<SeedProcess>(spec_, take_next()), {}});
      }
      await_any();
      for (; !trials_.empty() && !trials_.front().process; trials_.pop_front()) {
        std::cout << trials_.front().line << std::endl;
      }
    }
  }

 private:
  struct Trial {
    /// Null when it has ended.
    std::unique_ptr<SeedProcess> process;
    std::string line;
  };

  std::uint64_t take_next() {
    const auto seed = *next_;
    next_ = seed == last_ ? std::nullopt : std::optional(seed + 1);
    return seed;
  }

  std::size_t running() const {
    return static_cast<std::size_t>(std::count_if(
        trials_.begin(), trials_.end(), [](auto& each) { return each.process != nullptr; }));
  }

  void await_any() {
    std::vector<pollfd> waiting;
    std::vector<Trial*> trials;
    for (auto& trial : trials_) {
      if (!trial.process) continue;
      waiting.push_back({trial.process->descriptor(), POLLIN, 0});
      trials.push_back(&trial);
    }
    ::poll(waiting.data(), waiting.size(), -1);
    for (std::size_t i = 0; i < trials.size(); ++i) {
      auto& trial = *trials[i];
      if (waiting[i].revents == 0 || trial.process->read()) continue;
      trial.line = seeds::to_line(trial.process->result());
      trial.process.reset();
    }
  }

  const seeds::TrialSpec& spec_;
  /// Empty behind the last one, which may be the greatest number there is.
  std::optional<std::uint64_t> next_;
  std::uint64_t last_;
  unsigned jobs_;
  std::deque<Trial> trials_;
};

void try_seeds(const seeds::SeedRange& range, unsigned jobs) {
  const auto spec = seeds::trial_spec_from_json(nlohmann::json::parse(std::cin));
  for (const auto& difference : simulation::differences(spec.plan)) {
    out::remark("{}\n", difference);
  }
  Pool(spec, range, jobs).run();
}

int main_of(const std::vector<std::string>& words) {
  if (words.size() != 2) {
    throw std::invalid_argument("usage: sunder-simulator FOLDER SEED, or A..B JOBS");
  }
  const auto range = seeds::parse_seed_range(words[0]);
  if (range) {
    try_seeds(*range, static_cast<unsigned>(std::stoul(words[1])));
  } else {
    keep_one(words[0], std::stoull(words[1]));
  }
  return 0;
}

}  // namespace

int main(int count, char** words) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Ctrl-C is for sunder, which ends this program.
  ::setpgid(0, 0);
  try {
    return main_of({words + 1, words + count});
  } catch (const std::invalid_argument& error) {
    out::remark("sunder-simulator: {}\n", error.what());
    return static_cast<int>(ExitCode::bad_arguments);
  } catch (const std::exception& error) {
    out::remark("sunder-simulator: {}\n", error.what());
    return static_cast<int>(ExitCode::failed);
  }
}
