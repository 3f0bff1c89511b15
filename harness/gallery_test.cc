// The runs in results/gallery/ are judged again as they are stored: the checker must not forget
// what it once found. `sunder check FOLDER` writes a verdict anew that is meant to be another.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "checker/history/jsonl.h"
#include "checker/history/run_event.h"
#include "harness/judge/judge.h"
#include "results/store/run_store.h"
#include "results/store/verdict_json.h"

namespace sunder::harness {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::vector<fs::path> gallery() {
  std::vector<fs::path> folders;
  std::error_code without_a_gallery;
  for (const auto& entry : fs::directory_iterator(SUNDER_GALLERY, without_a_gallery)) {
    if (entry.is_directory()) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

/// What must not change: what each check says, and the operations that prove it.
Json finding_of(const Json& check) {
  return {{"name", check.at("name")},
          {"validity", check.at("validity")},
          {"counterexample", check.at("counterexample")}};
}

class Gallery : public testing::TestWithParam<fs::path> {};

TEST_P(Gallery, is_judged_as_it_was) {
  const auto store = results::RunStore::open(GetParam());
  const auto stored = results::read_verdict_json(store.verdict_path());
  const auto judgement = judge_run(store, {});
  EXPECT_EQ(stored.verdict.validity, checker::Validity::invalid);
  EXPECT_EQ(judgement.verdict.validity, stored.verdict.validity);
  EXPECT_EQ(judgement.verdict.sentence, stored.verdict.sentence);
  std::vector<Json> found;
  const auto judged = results::json_of(judgement.verdict);
  for (const auto& check : judged.at("checks")) found.push_back(finding_of(check));
  // There may be checks by now that there were not.
  const auto known = results::json_of(stored.verdict);
  for (const auto& check : known.at("checks")) {
    EXPECT_THAT(found, testing::Contains(finding_of(check)));
  }
}

TEST_P(Gallery, its_page_says_what_its_verdict_says) {
  const auto store = results::RunStore::open(GetParam());
  const auto stored = results::read_verdict_json(store.verdict_path());
  std::ifstream file(store.report_path());
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(page, testing::HasSubstr(Json(stored.verdict.sentence).dump()));
}

TEST_P(Gallery, its_run_events_are_known_and_would_be_written_with_the_same_bytes) {
  std::ifstream file(results::RunStore::open(GetParam()).history_path());
  for (std::string line; std::getline(file, line);) {
    const auto event = history::parse_json_line(line);
    if (event.process != history::ProcessId::nemesis) continue;
    const auto run_event = history::run_event_of(event);
    EXPECT_FALSE(std::holds_alternative<history::UnknownEvent>(run_event)) << line;
    auto again = history::to_event(run_event);
    again.index = event.index;
    again.time = event.time;
    std::string written;
    history::append_json_line(written, again);
    EXPECT_EQ(written, line + "\n");
  }
}

TEST(GalleryFolder, has_the_famous_bugs) {
  std::vector<std::string> names;
  for (const auto& folder : gallery()) names.push_back(folder.filename().string());
  EXPECT_THAT(names,
              testing::ElementsAre("double-vote", "duplicated-message", "figure-8", "lost-element",
                                   "lost-session", "read-skew", "stale-read", "torn-tail"));
}

INSTANTIATE_TEST_SUITE_P(Runs, Gallery, testing::ValuesIn(gallery()), [](const auto& run) {
  auto name = run.param.filename().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace sunder::harness
