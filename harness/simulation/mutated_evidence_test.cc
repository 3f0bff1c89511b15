// A stored run is mutated at random: pieces of its evidence are cut, removed, flipped, swapped and
// repeated. A mutation that changes what the run recorded must not leave it valid. One that only
// spells it in another way must not change a word of the verdict.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/judge/judge.h"
#include "harness/seeds/trial.h"
#include "harness/simulation/folder_log.h"
#include "harness/simulation/simulated_run.h"
#include "results/store/run_store.h"
#include "results/store/seals.h"
#include "results/store/verdict_json.h"
#include "testing/temporary_folder.h"

namespace sunder::harness::simulation {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Lines lines_of(const std::string& text) {
  Lines lines;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find('\n', from), text.size());
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

std::string joined(const Lines& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

/// The JSON values of a file, whatever their spelling.
std::vector<nlohmann::json> values_of(const std::string& name, const std::string& text) {
  if (name.ends_with(".json")) return {nlohmann::json::parse(text, nullptr, false)};
  std::vector<nlohmann::json> values;
  for (const auto& line : lines_of(text)) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    values.push_back(nlohmann::json::parse(line, nullptr, false));
  }
  return values;
}

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  /// Absent if the file is to be removed. Says what it did in `how`.
  std::optional<std::string> mutate(const std::string& name, const std::string& text,
                                    std::string& how) {
    auto lines = lines_of(text);
    const auto at = below(lines.size());
    const auto from = lines.begin() + static_cast<std::ptrdiff_t>(at);
    switch (below(10)) {
      case 0:
        how = "removed";
        return std::nullopt;
      case 1:
        how = "emptied";
        return "";
      case 2: {
        const auto bytes = below(text.size());
        how = fmt::format("cut to {} bytes", bytes);
        return text.substr(0, bytes);
      }
      case 3: {
        const auto count = 1 + below(std::min<std::size_t>(lines.size() - at, 20));
        how = fmt::format("without {} lines from {} on", count, at + 1);
        lines.erase(from, from + static_cast<std::ptrdiff_t>(count));
        return joined(lines);
      }
      case 4:
        how = fmt::format("without line {}", at + 1);
        lines.erase(from);
        return joined(lines);
      case 5:
        how = fmt::format("line {} twice", at + 1);
        lines.insert(from, std::string(*from));
        return joined(lines);
      case 6: {
        const auto other = below(lines.size());
        how = fmt::format("lines {} and {} swapped", at + 1, other + 1);
        std::swap(lines[at], lines[other]);
        return joined(lines);
      }
      case 7:
      case 8:
        return flipped(text, how);
      default:
        how = "spelled in another way";
        return respelled(name, text);
    }
  }

  std::size_t below(std::size_t end) { return end == 0 ? 0 : random_() % end; }

 private:
  std::string flipped(std::string text, std::string& how) {
    const auto at = below(text.size());
    const char before = text[at];
    const std::string_view others = "0123456789abcdef\",:{}[]z";
    text[at] = others[below(others.size())];
    how = fmt::format("byte {} is '{}' and not '{}'", at, text[at], before);
    return text;
  }

  std::string respelled(const std::string& name, const std::string& text) {
    std::string spelled;
    for (const auto& value : values_of(name, text)) {
      // Members in another order, white space, blank lines.
      auto line = value.dump(static_cast<int>(below(3)));
      std::replace(line.begin(), line.end(), '\n', ' ');
      spelled += std::string(below(3), ' ') + line + (below(4) == 0 ? "\n\n" : "\r\n");
    }
    if (below(2) == 0) spelled.erase(spelled.find_last_not_of("\r\n") + 1);
    return spelled;
  }

  std::mt19937_64 random_;
};

/// A small run of the correct node.
struct MutatedRun : testing::Test {
  MutatedRun() : store(results::RunStore::create(folder.path(), "run", 1, {})) {
    auto spec = seeds::usual_spec();
    spec.plan.nodes = 3;
    spec.plan.concurrency = 3;
    spec.plan.keys = 2;
    spec.plan.rate = 60;
    spec.plan.time_limit = 2s;
    spec.nemesis = "kill,partition";
    spec.plan.nemesis_interval = 500ms;
    auto trial = seeds::make_trial(spec, 1);
    trial.plan.evidence = evidence_of_system(trial.plan.system);
    store.write_plan(to_json(trial.plan).dump(2));
    FolderLog log(store, trial.plan.nodes);
    SimulatedRun run(trial.plan, trial.schedule, log, 1);
    run.conduct();
    log.flush();
    results::seal_evidence(store);
    for (const auto* name : {"history.jsonl", "trace/n1.jsonl", "trace/n2.jsonl", "trace/n3.jsonl",
                             "wire.jsonl", "disks.jsonl", "evidence.json"}) {
      files[name] = text_of(store.folder() / name);
    }
  }

  std::string verdict(checker::Validity& validity) const {
    const auto judgement = judge_run(store, {});
    validity = judgement.verdict.validity;
    return results::to_verdict_json({judgement.verdict, judgement.statistics});
  }

  const TemporaryFolder folder;
  const results::RunStore store;
  std::map<std::string, std::string> files;
};

TEST_F(MutatedRun, is_not_valid_if_it_lost_evidence_and_is_the_same_if_it_was_only_respelled) {
  checker::Validity validity{};
  const auto original = verdict(validity);
  ASSERT_EQ(validity, checker::Validity::valid) << original;
  const char* wanted = std::getenv("SUNDER_SEED");
  const std::uint64_t first = wanted == nullptr ? 1 : std::strtoull(wanted, nullptr, 10);
  const std::uint64_t count = wanted == nullptr ? 300 : 1;
  std::size_t lost = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    Mutator mutator(seed);
    auto file = files.begin();
    std::advance(file, static_cast<std::ptrdiff_t>(mutator.below(files.size())));
    const auto& [name, text] = *file;
    std::string how;
    const auto mutated = mutator.mutate(name, text, how);
    const auto path = store.folder() / name;
    fs::remove(path);
    if (mutated) std::ofstream(path, std::ios::binary) << *mutated;
    const bool is_lost = !mutated || values_of(name, *mutated) != values_of(name, text);
    lost += is_lost ? 1 : 0;
    const auto now = verdict(validity);
    const auto where = fmt::format("SUNDER_SEED={}: {}: {}\n", seed, name, how);
    if (is_lost) {
      EXPECT_NE(validity, checker::Validity::valid) << where;
    } else {
      EXPECT_EQ(now, original) << where;
    }
    std::ofstream(path, std::ios::binary) << text;
  }
  EXPECT_TRUE(wanted != nullptr || (lost > count / 2 && lost < count)) << lost;
}

}  // namespace
}  // namespace sunder::harness::simulation
