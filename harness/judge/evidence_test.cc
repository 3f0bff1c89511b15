#include "harness/judge/evidence.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/judge/judge.h"
#include "harness/plan.h"
#include "results/store/seals.h"
#include "testing/temporary_folder.h"

namespace sunder::harness {
namespace {

namespace fs = std::filesystem;
using checker::Validity;
using testing::Contains;
using testing::HasSubstr;

/// Runs that people brought, and what is right of them. They are not part of the repository.
TEST(StoredRuns, whose_evidence_was_edited_are_judged_by_what_is_left) {
  const auto folder = fs::path(__FILE__).parent_path() / "../../../shared/cases/runs";
  if (!fs::exists(folder)) GTEST_SKIP() << "there is no " << folder;
  const std::vector<std::pair<std::string, Validity>> runs{
      {"unedited", Validity::valid},          {"all_traces_only_started", Validity::unknown},
      {"missing_wire", Validity::unknown},    {"missing_disks", Validity::unknown},
      {"trace_cut_short", Validity::unknown}, {"cut_last_trace", Validity::unknown},
      {"snapshot_digest", Validity::invalid}, {"follower-truncates-committed", Validity::invalid}};
  for (const auto& [name, validity] : runs) {
    const auto verdict = judge_run(results::RunStore::open(folder / name), {}).verdict;
    EXPECT_EQ(verdict.validity, validity) << name << ": " << verdict.sentence;
  }
}

/// A run of a system without traces, with one client.
struct HistoryEvidence : testing::Test {
  HistoryEvidence() : store(results::RunStore::create(folder.path(), "run", 1, {})) {
    Plan plan;
    plan.system = "redis";
    plan.nodes = 3;
    plan.evidence = {"history", "seals"};
    store.write_plan(to_json(plan).dump());
    for (int write = 0; write < 4; ++write) {
      for (const auto* type : {"invoke", "ok"}) {
        const auto index = lines.size();
        lines.push_back(nlohmann::json{
            {"index", index},
            {"time", 1000 * index},
            {"process", 0},
            {"type", type},
            {"f", "write"},
            {"key", "k1"},
            {"value",
             write}}.dump());
      }
    }
    lines.push_back(
        R"({"index":8,"time":9000,"process":"nemesis","type":"info","f":"recovery","value":{"recovered":true,"took_ms":1}})");
    write();
    results::seal_evidence(store);
  }

  void write() const {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    results::write_whole_file(store.history_path(), text);
  }

  checker::CheckResult check(const std::string& name) const {
    write();
    for (auto& check : judge_run(store, {}).verdict.checks) {
      if (check.name == name) return check;
    }
    ADD_FAILURE() << "there is no check " << name;
    return {};
  }

  const TemporaryFolder folder;
  const results::RunStore store;
  std::vector<std::string> lines;
};

TEST_F(HistoryEvidence, that_is_whole_is_judged) {
  EXPECT_EQ(check("evidence").validity, Validity::valid);
  EXPECT_EQ(check("linearizable").validity, Validity::valid);
  EXPECT_EQ(check("recovery").validity, Validity::valid);
}

TEST_F(HistoryEvidence, of_which_lines_are_missing_proves_nothing) {
  const auto whole = lines;
  for (std::size_t line = 0; line < whole.size(); ++line) {
    lines = whole;
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(line));
    for (const bool sealed : {true, false}) {
      if (!sealed) fs::remove(store.seals_path());
      const auto evidence = check("evidence");
      EXPECT_EQ(evidence.validity, Validity::unknown);
      EXPECT_EQ(check("linearizable").validity, Validity::unknown) << line;
      EXPECT_EQ(check("recovery").validity, Validity::unknown) << line;
    }
    lines = whole;
    write();
    results::seal_evidence(store);
  }
}

TEST_F(HistoryEvidence, that_is_cut_at_its_end_still_contradicts_itself) {
  lines[5].replace(lines[5].find("\"ok\""), 4, "\"fail\"");
  lines[6].replace(lines[6].find("write"), 5, "read");
  lines[7].replace(lines[7].find("write"), 5, "read");
  lines[7].replace(lines[7].find("\"value\":3"), 9, "\"value\":2");
  write();
  results::seal_evidence(store);
  EXPECT_EQ(check("linearizable").validity, Validity::invalid);
  lines.pop_back();
  EXPECT_EQ(check("linearizable").validity, Validity::invalid);
  EXPECT_EQ(check("evidence").message, "history.jsonl lacks 1 of its 9 records");
  lines.erase(lines.begin() + 1);
  EXPECT_EQ(check("linearizable").validity, Validity::unknown);
}

TEST_F(HistoryEvidence, of_transactions_that_is_cut_at_its_end_rules_out_and_proves_nothing) {
  Plan plan;
  plan.system = "redis";
  plan.workload = "list-append";
  plan.nodes = 3;
  plan.evidence = {"history", "seals"};
  store.write_plan(to_json(plan).dump());
  const std::vector<std::pair<const char*, const char*>> events{{"invoke", R"([["append","x",1]])"},
                                                                {"ok", R"([["append","x",1]])"},
                                                                {"invoke", R"([["r","x",null]])"},
                                                                {"ok", R"([["r","x",[]]])"}};
  for (std::size_t i = 0; i < events.size(); ++i) {
    lines[i] =
        nlohmann::json{{"index", i},       {"time", 1000 * i},
                       {"process", i / 2}, {"type", events[i].first},
                       {"f", "txn"},       {"value", nlohmann::json::parse(events[i].second)}}
            .dump();
  }
  lines.erase(lines.begin() + 4, lines.end() - 1);
  write();
  results::seal_evidence(store);
  const auto whole = check("isolation");
  EXPECT_EQ(whole.validity, Validity::invalid);
  EXPECT_EQ(whole.isolation->levels.front().finding, checker::isolation::Finding::proved);
  lines.pop_back();
  const auto cut = check("isolation");
  EXPECT_EQ(cut.validity, Validity::invalid);
  EXPECT_EQ(cut.message, whole.message);
  for (const auto& each : cut.isolation->levels) {
    EXPECT_NE(each.finding, checker::isolation::Finding::proved) << name_of(each.level);
  }
  lines.erase(lines.begin() + 1);
  EXPECT_EQ(check("isolation").validity, Validity::unknown);
}

TEST_F(HistoryEvidence, that_cannot_be_read_is_named) {
  lines[3] = lines[3].substr(0, 20);
  EXPECT_EQ(check("linearizable").validity, Validity::unknown);
  EXPECT_THAT(check("evidence").message, HasSubstr("history.jsonl"));
  fs::remove(store.history_path());
  const auto judgement = judge_run(store, {});
  EXPECT_EQ(judgement.verdict.validity, Validity::unknown);
  EXPECT_THAT(judgement.verdict.checks[1].message, HasSubstr("history.jsonl: is missing"));
}

TEST_F(HistoryEvidence, without_its_seals_may_lack_its_end) {
  fs::remove(store.seals_path());
  EXPECT_EQ(
      check("evidence").message,
      "evidence.json is missing: nothing shows that the recording of the run came to its end");
  EXPECT_EQ(check("linearizable").validity, Validity::unknown);
}

TEST_F(HistoryEvidence, that_is_only_spelled_in_another_way_is_the_same) {
  for (auto& line : lines) {
    line = "  " + nlohmann::ordered_json::parse(line).dump(1);
    std::erase(line, '\n');
  }
  EXPECT_EQ(check("evidence").validity, Validity::valid);
}

}  // namespace
}  // namespace sunder::harness
