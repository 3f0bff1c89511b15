// sunder check: judges a stored run or a bare history file.

#include <chrono>
#include <stdexcept>

#include <fmt/format.h>

#include "harness/commands/commands.h"
#include "harness/flags/flags.h"
#include "harness/flags/size.h"
#include "harness/judge/judge.h"
#include "harness/judge/presentation.h"
#include "results/store/run_store.h"

namespace sunder::harness::commands {

using namespace std::chrono_literals;

ExitCode check(const Arguments& arguments) {
  FlagSet flag_set("sunder check",
                   "Judges a stored run by its workload, or a history file by a model.",
                   "PATH [flags]");
  flag_set
      .value("model", "model to judge a history file by ('sunder list models')", "register", "NAME")
      .value("timeout", "the verdict is unknown if the check takes longer", "60s", "TIME")
      .value("memory", "the verdict is unknown if sunder needs more memory", "4GiB", "SIZE")
      .toggle("json", "print verdict.json instead of text");
  const auto flags = flag_set.parse(arguments, 1);
  if (!flags) return ExitCode::valid;
  if (flags->words().empty()) {
    throw std::invalid_argument(
        "sunder check: name a run or a history file, such as results/runs/latest");
  }
  const std::string path = flags->words().front();
  checker::LinearizabilityOptions limits;
  limits.budget = checker::Budget(
      std::chrono::duration_cast<std::chrono::milliseconds>(flags->duration("timeout", 1ms, 24h)),
      parse_size("--memory", flags->text("memory")), checker::Budget::Counted::whole_process);
  const bool json = flags->given("json");
  if (results::stored_kind(path) == results::StoredKind::history_file) {
    return present_history(judge_history(path, flags->text("model"), limits), json);
  }
  if (flags->given("model")) {
    throw std::invalid_argument(
        "--model works only with history files: a run is judged by its workload");
  }
  const auto store = results::RunStore::open(path);
  return present_run(store, judge_run(store, limits), json);
}

}  // namespace sunder::harness::commands
