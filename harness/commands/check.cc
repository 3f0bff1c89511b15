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
#include "harness/judge/witness_file.h"
#include "results/store/folder_lock.h"
#include "results/store/run_store.h"

namespace sunder::harness::commands {

ExitCode check(const Arguments& arguments) {
  FlagSet flag_set("sunder check",
                   "Judges a stored run by its workload, or a history by a model or an isolation "
                   "level: a file, several files, "
                   "a test's folder of Jepsen, or - for the standard input.",
                   "PATH... [flags]");
  describe_history_flags(flag_set);
  describe_limit_flags(flag_set);
  flag_set
      .value("witness",
             "if the history is linearizable, write one order that explains it, one operation and "
             "the state behind it a line",
             "", "FILE")
      .toggle("json", "print verdict.json instead of text");
  const auto flags = flag_set.parse(arguments, most_history_files);
  if (!flags) return ExitCode::valid;
  const auto& places = flags->words();
  if (places.empty()) {
    throw std::invalid_argument(
        "sunder check: name a run or a history file, such as results/runs/latest");
  }
  auto limits = limits_from(*flags);
  const std::string witness = flags->text("witness");
  std::string witness_lines;
  if (!witness.empty()) {
    for (const auto& place : places) require_place_for_witness(witness, place);
    limits.witness = &witness_lines;
  }
  const auto presented = [&](const Judgement& judgement, const auto& present) {
    const auto code = present(judgement);
    if (!witness.empty()) write_witness_file(witness, witness_lines, judgement.verdict);
    return code;
  };
  const bool json = flags->given("json");
  if (places.size() > 1 || !results::holds_a_run(places.front())) {
    const auto source = history::history_source(places);
    return presented(judge_history(source, history_reading_from(*flags), limits),
                     [&](const Judgement& judgement) { return present_history(judgement, json); });
  }
  refuse_history_flags(*flags);
  const auto store = results::RunStore::open(places.front());
  const results::FolderLock lock(store.folder());
  return presented(judge_run(store, limits), [&](const Judgement& judgement) {
    return present_run(store, judgement, json, Storing::if_possible);
  });
}

}  // namespace sunder::harness::commands
