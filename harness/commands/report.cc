// sunder report: draws a stored run's page again, from its verdict and what it left on disk.

#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>

#include "checker/history/read.h"
#include "harness/commands/commands.h"
#include "harness/flags/flags.h"
#include "harness/judge/run_report.h"
#include "harness/output.h"
#include "results/shell_words.h"
#include "results/store/folder_lock.h"
#include "results/store/run_store.h"
#include "results/store/verdict_json.h"

namespace sunder::harness::commands {

namespace {

results::StoredVerdict read_verdict(const results::RunStore& store) {
  if (!std::filesystem::exists(store.verdict_path())) {
    throw std::invalid_argument(
        fmt::format("{} is not there: judge the run first, with 'sunder "
                    "check {}'",
                    store.verdict_path().string(), results::shell_word(store.folder().string())));
  }
  try {
    return results::read_verdict_json(store.verdict_path());
  } catch (const std::runtime_error& error) {
    throw std::invalid_argument(fmt::format("{}: judge the run again, with 'sunder check {}'",
                                            error.what(),
                                            results::shell_word(store.folder().string())));
  }
}

}  // namespace

ExitCode report(const Arguments& arguments) {
  FlagSet flag_set("sunder report", "Draws the page of a stored run again.", "RUN");
  const auto flags = flag_set.parse(arguments, 1);
  if (!flags) return ExitCode::valid;
  if (flags->words().empty()) {
    throw std::invalid_argument("sunder report: name a run, such as results/runs/latest");
  }
  const auto store = results::RunStore::open(flags->words().front());
  const results::FolderLock lock(store.folder());
  auto stored = read_verdict(store);
  const Judgement judgement{history::read_history(store.history_path()), std::move(stored.verdict),
                            std::move(stored.statistics)};
  store.write_report(draw_report(store, judgement));
  out::is_also_in(store.report_path());
  out::print("{}\n", store.report_path().string());
  return ExitCode::valid;
}

}  // namespace sunder::harness::commands
