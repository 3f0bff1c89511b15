// sunder check: judges a stored run or a bare history file.

#include <stdexcept>
#include <string>

#include "harness/commands/commands.h"
#include "harness/flags/flags.h"
#include "harness/flags/history_flags.h"
#include "harness/flags/limit_flags.h"
#include "harness/judge/history_judgement.h"
#include "harness/judge/judge.h"
#include "harness/judge/presentation.h"
#include "results/store/folder_lock.h"
#include "results/store/run_store.h"

namespace sunder::harness::commands {

ExitCode check(const Arguments& arguments) {
  FlagSet flag_set(
      "sunder check",
      "Judges a stored run by its workload, or a history by a model: a file, several files, "
      "a test's folder of Jepsen, or - for the standard input.",
      "PATH... [flags]");
  describe_history_flags(flag_set);
  describe_limit_flags(flag_set);
  flag_set.toggle("json", "print verdict.json instead of text");
  const auto flags = flag_set.parse(arguments, most_history_files);
  if (!flags) return ExitCode::valid;
  const auto& places = flags->words();
  if (places.empty()) {
    throw std::invalid_argument(
        "sunder check: name a run or a history file, such as results/runs/latest");
  }
  const auto limits = limits_from(*flags);
  const bool json = flags->given("json");
  if (places.size() > 1 || !results::holds_a_run(places.front())) {
    const auto source = history::history_source(places);
    return present_history(judge_history(source, history_reading_from(*flags), limits), json);
  }
  refuse_history_flags(*flags);
  const auto store = results::RunStore::open(places.front());
  const results::FolderLock lock(store.folder());
  return present_run(store, judge_run(store, limits), json, Storing::if_possible);
}

}  // namespace sunder::harness::commands
