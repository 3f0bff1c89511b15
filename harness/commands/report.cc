// sunder report: draws a stored run's page again, from its verdict and what it left on disk, or
// judges a history and draws its page.

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/history/read.h"
#include "harness/commands/commands.h"
#include "harness/flags/flags.h"
#include "harness/flags/history_flags.h"
#include "harness/flags/limit_flags.h"
#include "harness/judge/history_judgement.h"
#include "harness/judge/history_report.h"
#include "harness/judge/presentation.h"
#include "harness/judge/run_report.h"
#include "harness/judge/witness_file.h"
#include "harness/output.h"
#include "results/shell_words.h"
#include "results/store/folder_lock.h"
#include "results/store/page_file.h"
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

struct Output {
  /// "-" is standard output. Empty if the user names no place.
  std::string place;
  results::Replacing replacing = results::Replacing::pages_of_sunder;
};

/// Where the page of a history is written if the user names no place: beside the file, and of what
/// is not one file in the current folder.
std::string place_beside(const std::vector<std::string>& history) {
  if (history.size() == 1 && std::filesystem::is_regular_file(history.front())) {
    return history.front() + ".html";
  }
  return "history.html";
}

void write_page(const std::string& page, const Output& output) {
  if (output.place == "-") return out::print_text(page);
  results::write_page(output.place, page, output.replacing);
  out::is_also_in(output.place);
  out::print("{}\n", output.place);
}

void report_run(const std::string& path, const Output& output) {
  const auto store = results::RunStore::open(path);
  const results::FolderLock lock(store.folder());
  auto stored = read_verdict(store);
  const Judgement judgement{history::read_history(store.history_path()), std::move(stored.verdict),
                            std::move(stored.statistics)};
  const auto page = draw_report(store, judgement);
  if (!output.place.empty()) return write_page(page, output);
  store.write_report(page);
  out::is_also_in(store.report_path());
  out::print("{}\n", store.report_path().string());
}

/// What the page calls the history.
std::string name_of(const std::vector<std::string>& history) {
  if (history.size() > 1) {
    return fmt::format("{} and {} more files", history.front(), history.size() - 1);
  }
  return history.front() == "-" ? "standard input" : history.front();
}

/// The command that judges the history in the same way.
std::string check_command(const Flags& flags) {
  std::vector<std::string> words{"sunder", "check"};
  words.insert(words.end(), flags.words().begin(), flags.words().end());
  auto names = history_flag_names();
  names.insert(names.end(), {"timeout", "memory"});
  for (const auto& flag : names) {
    if (!flags.given(flag)) continue;
    words.push_back(fmt::format("--{}", flag));
    words.push_back(flags.text(flag));
  }
  return results::shell_words(words);
}

void report_history(const Flags& flags, Output output) {
  const auto source = history::history_source(flags.words());
  if (output.place.empty()) output.place = place_beside(flags.words());
  if (output.place != "-") results::require_place_for_page(output.place, output.replacing);
  auto limits = limits_from(flags);
  std::string witness;
  if (flags.given("witness")) limits.witness = &witness;
  auto reading = history_reading_from(flags);
  reading.shows_values = true;
  auto judgement = judge_history(source, reading, limits);
  remark_on(judgement);
  const auto why_none = why_no_witness(witness, judgement.verdict);
  if (flags.given("witness") && !why_none.empty()) {
    out::remark("sunder: there is no witness: {}\n", why_none);
    witness.clear();
  }
  write_page(draw_history_report(name_of(flags.words()), check_command(flags), std::move(judgement),
                                 std::move(witness)),
             output);
}

}  // namespace

ExitCode report(const Arguments& arguments) {
  FlagSet flag_set("sunder report",
                   "Draws the page of a stored run again, or the page of a history file.",
                   "PATH... [flags]");
  flag_set
      .value(
          "o,output",
          "where to write the page, '-' for standard output; without it, a run's page is written "
          "into its folder and a history's beside it, as HISTORY.html",
          "", "FILE")
      .toggle("force", "replace FILE even if it is no page of sunder's")
      .toggle("witness", "show on the page of a valid history why it is: one order of all effects");
  describe_history_flags(flag_set);
  describe_limit_flags(flag_set);
  const auto flags = flag_set.parse(arguments, most_history_files);
  if (!flags) return ExitCode::valid;
  if (flags->words().empty()) {
    throw std::invalid_argument(
        "sunder report: name a run or a history file, such as results/runs/latest");
  }
  const Output output{flags->text("output"), flags->given("force")
                                                 ? results::Replacing::anything
                                                 : results::Replacing::pages_of_sunder};
  const std::string path = flags->words().front();
  if (flags->words().size() > 1 || !results::holds_a_run(path)) {
    report_history(*flags, output);
    return ExitCode::valid;
  }
  refuse_history_flags(*flags);
  if (flags->given("witness")) {
    throw std::invalid_argument(
        fmt::format("--witness works only with history files, such as {}/history.jsonl", path));
  }
  report_run(path, output);
  return ExitCode::valid;
}

}  // namespace sunder::harness::commands
