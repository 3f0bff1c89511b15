// ./dev bench shrink: how small failing runs become. Each mutant is run as its hunt says, with one
// seed after the other, until a check fails; that run is shrunk. One row for each, in the form of
// Markdown, and the medians.

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/driver/raft/mutants.h"
#include "harness/exit_code.h"
#include "harness/flags/flags.h"
#include "harness/process/programs.h"
#include "harness/shrink/failed_run.h"

namespace sunder::harness::shrink {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Json = nlohmann::json;

/// What the campaign finds within seconds, of every kind of mistake.
constexpr const char* usual_mutants = "P1,P6,P7,E6,E9,E10,R1,R4,R7,A1,A7,A12,S4,M2";

struct Row {
  std::string mutant;
  std::string property;
  std::size_t faults_before = 0;
  /// Absent where the run did not fail again.
  std::optional<std::size_t> faults_after;
  double rate_before = 0;
  double rate_after = 0;
  double seconds = 0;
  std::string sentence;
};

std::vector<std::string> words_of(const std::string& text, char separator) {
  std::vector<std::string> words;
  std::istringstream in(text);
  for (std::string word; std::getline(in, word, separator);) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

ProgramEnd sunder(const std::vector<std::string>& arguments) {
  return run_program(programs_folder() / "sunder", arguments);
}

/// The first run of its hunt that is invalid.
std::optional<FailedRun> find(const Mutant& mutant, const fs::path& runs, std::int64_t seeds) {
  const auto& hunt = mutant.hunt;
  std::vector<std::string> arguments{"run",
                                     "--runs-dir",
                                     runs.string(),
                                     "--name",
                                     mutant.id,
                                     "--mutant",
                                     mutant.id,
                                     "--workload",
                                     hunt.workload,
                                     "--nemesis",
                                     hunt.nemesis,
                                     "--nodes",
                                     std::to_string(hunt.nodes),
                                     "--time-limit",
                                     "10s"};
  if (!hunt.system.empty()) {
    arguments.insert(arguments.end(), {"--system", "raft:" + hunt.system});
  }
  for (const auto& flag : words_of(hunt.flags, ' ')) arguments.push_back(flag);
  for (std::int64_t seed = 1; seed <= seeds; ++seed) {
    auto with_seed = arguments;
    with_seed.insert(with_seed.end(), {"--seed", std::to_string(seed)});
    const auto end = sunder(with_seed);
    if (end.exit_code == static_cast<int>(ExitCode::invalid)) {
      return read_failed_run(runs / "latest");
    }
  }
  return std::nullopt;
}

double rate_in(const Json& json) {
  const auto runs = json.at("runs").get<double>();
  return runs == 0 ? 0 : json.at("failures").get<double>() / runs;
}

Row shrink_run(const FailedRun& run, const std::string& budget) {
  Row row{run.candidate.plan.mutant,
          run.signature.property,
          run.candidate.schedule.faults.size(),
          {},
          0,
          0,
          0,
          {}};
  const auto end = sunder({"shrink", run.folder.string(), "--budget", budget});
  const auto state = run.folder / "shrunk" / "shrink.json";
  if (end.exit_code != static_cast<int>(ExitCode::invalid) || !fs::exists(state)) {
    row.sentence = "did not fail again";
    return row;
  }
  const auto json = Json::parse(std::ifstream(state));
  row.faults_after = json.at("best").at("schedule").at("faults").size();
  row.rate_before = rate_in(json.at("before"));
  row.rate_after = rate_in(json.at("after"));
  row.seconds = json.at("spent_ns").get<double>() / 1e9;
  const auto sentence = end.output.substr(0, end.output.find('\n'));
  row.sentence = sentence.substr(0, sentence.rfind(": "));
  return row;
}

std::string line_of(const Row& row) {
  if (!row.faults_after) {
    return fmt::format("| {} | {} | {} | | | | | {} |", row.mutant, row.property, row.faults_before,
                       row.sentence);
  }
  return fmt::format("| {} | {} | {} | {} | {:.0f} % | {:.0f} % | {:.0f} s | {} |", row.mutant,
                     row.property, row.faults_before, *row.faults_after, row.rate_before * 100,
                     row.rate_after * 100, row.seconds, row.sentence);
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// Of those that failed again.
template <typename Value>
double median_of(const std::vector<Row>& rows, Value value) {
  std::vector<double> values;
  for (const auto& row : rows) {
    if (row.faults_after) values.push_back(value(row));
  }
  return median(std::move(values));
}

void print_medians(const std::vector<Row>& rows) {
  fmt::print("| median | | {} | {} | {:.0f} % | {:.0f} % | {:.0f} s | |\n",
             median_of(rows, [](const Row& row) { return static_cast<double>(row.faults_before); }),
             median_of(rows, [](const Row& row) { return static_cast<double>(*row.faults_after); }),
             median_of(rows, [](const Row& row) { return row.rate_before * 100; }),
             median_of(rows, [](const Row& row) { return row.rate_after * 100; }),
             median_of(rows, [](const Row& row) { return row.seconds; }));
}

int main_of(const std::vector<std::string>& arguments) {
  FlagSet flag_set("./dev bench shrink", "Failing runs of mutants, made small: one row each.",
                   "[flags]");
  flag_set.value("mutants", "by id", usual_mutants)
      .value("budget", "for each", "5m", "TIME")
      .value("seeds", "how many runs may take to find one", "5", "N")
      .value("runs-dir", "for the runs", "results/runs/shrink-bench", "DIR");
  const auto flags = flag_set.parse(arguments, 0);
  if (!flags) return 0;
  flags->duration("budget", 1s, 24h);
  std::vector<Row> rows;
  fmt::print(
      "| mutant | breaks | faults | shrunk to | fails | shrunk | took | by |\n"
      "|---|---|---|---|---|---|---|---|\n");
  for (const auto& id : words_of(flags->text("mutants"), ',')) {
    const auto run =
        find(find_mutant(id), flags->text("runs-dir"), flags->integer("seeds", 1, 1000));
    if (!run) {
      fmt::print("| {} | not found | | | | | | |\n", id);
      continue;
    }
    rows.push_back(shrink_run(*run, flags->text("budget")));
    fmt::print("{}\n", line_of(rows.back()));
    std::fflush(stdout);
  }
  print_medians(rows);
  return 0;
}

}  // namespace
}  // namespace sunder::harness::shrink

int main(int argc, char** argv) {
  try {
    return sunder::harness::shrink::main_of({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    fmt::print(stderr, "shrink_bench: {}\n", error.what());
    return 254;
  }
}
