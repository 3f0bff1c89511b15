#include "harness/simulation/simulated_run.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "harness/judge/judge.h"
#include "harness/process/programs.h"
#include "harness/schedule_file.h"
#include "harness/simulation/folder_log.h"
#include "nemesis/kinds/kill.h"
#include "testing/temporary_folder.h"

namespace sunder::harness::simulation {
namespace {

using checker::Validity;
using namespace std::chrono_literals;

class Simulated : public ::testing::Test {
 protected:
  static nemesis::Schedule schedule_named(const std::string& name) {
    return read_schedule(std::filesystem::path(SUNDER_SCHEDULES) / name, 9);
  }

  results::RunStore store_for(const Plan& plan, std::uint64_t seed) {
    auto store = results::RunStore::create(folder_.path(), fmt::format("run-{}", ++runs_), seed,
                                           std::chrono::system_clock::now());
    store.write_plan(to_json(plan).dump());
    return store;
  }

  results::RunStore run(const Plan& plan, const nemesis::Schedule& schedule, std::uint64_t seed) {
    auto store = store_for(plan, seed);
    FolderLog log(store, plan.nodes);
    SimulatedRun(plan, schedule, log, seed).conduct();
    return store;
  }

  /// The same in a process of its own, which a broken node may end.
  results::RunStore run_program_for(const Plan& plan, const nemesis::Schedule& schedule,
                                    std::uint64_t seed) {
    auto store = store_for(plan, seed);
    store.write_schedule(nemesis::to_json(schedule).dump());
    const auto end = run_program(programs_folder() / "sunder-simulator",
                                 {store.folder().string(), std::to_string(seed)});
    EXPECT_EQ(end.exit_code, 0);
    return store;
  }

  /// Whether the check fails with that seed; whether any does, if none is named.
  bool breaks(const Plan& plan, const nemesis::Schedule& schedule, std::uint64_t seed,
              std::string_view wanted = {}) {
    const auto verdict = judge_run(run_program_for(plan, schedule, seed), {}).verdict;
    return std::any_of(verdict.checks.begin(), verdict.checks.end(), [&](const auto& check) {
      return check.validity == Validity::invalid && (wanted.empty() || check.name == wanted);
    });
  }

  /// The mutant breaks the property with one of 30 seeds; with those and a few more the correct
  /// node breaks nothing.
  void expect_only_the_mutant_breaks(std::string_view property, Plan plan,
                                     const nemesis::Schedule& schedule) {
    constexpr std::uint64_t enough = 30;
    std::uint64_t seed = 1;
    while (seed <= enough && !breaks(plan, schedule, seed, property)) ++seed;
    EXPECT_LE(seed, enough) << plan.mutant << " survives";
    plan.mutant.clear();
    for (std::uint64_t other = 1; other <= std::max<std::uint64_t>(seed, 3); ++other) {
      EXPECT_FALSE(breaks(plan, schedule, other)) << "the correct node, seed " << other;
    }
  }

  static std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

  const TemporaryFolder folder_;
  int runs_ = 0;
};

/// A leader is cut off and believes for a while that it still leads.
const char* const leader_cut_off = R"({"faults": [
  {"id": 1, "kind": "partition", "shape": "one", "target": "leader", "at": "500ms",
   "duration": "900ms", "pick": 1},
  {"id": 2, "kind": "partition", "shape": "one", "target": "leader", "at": "1800ms",
   "duration": "900ms", "pick": 2}]})";

const char* const power_goes_twice = R"({"faults": [
  {"id": 1, "kind": "power-loss", "unsynced": "lost", "target": "all", "at": "500ms",
   "duration": "100ms", "pick": 1},
  {"id": 2, "kind": "power-loss", "unsynced": "lost", "target": "all", "at": "1s",
   "duration": "100ms", "pick": 2}]})";

/// The leader's clock stands almost still while others elect another.
const char* const leader_of_slow_time = R"({"faults": [
  {"id": 1, "kind": "clock", "rate": 0.02, "target": "leader", "at": "500ms", "duration": "2s",
   "pick": 1},
  {"id": 2, "kind": "partition", "shape": "one", "target": "leader", "at": "600ms",
   "duration": "1500ms", "pick": 1}]})";

/// A little of everything that can be played.
const char* const all_kinds = R"({"faults": [
  {"id": 1, "kind": "kill", "target": "leader", "at": "200ms", "duration": "300ms", "pick": 1},
  {"id": 2, "kind": "delay", "probability": 0.5, "direction": "both", "delay": "20ms",
   "shape": "heavy-tail", "target": "all", "at": "300ms", "duration": "500ms", "pick": 2},
  {"id": 3, "kind": "duplicate", "probability": 0.5, "direction": "both", "delay": "20ms",
   "target": "all", "at": "600ms", "duration": "500ms", "pick": 3},
  {"id": 4, "kind": "reorder", "probability": 0.5, "direction": "both", "delay": "20ms",
   "target": "all", "at": "700ms", "duration": "500ms", "pick": 4},
  {"id": 5, "kind": "pause", "target": "event-node", "at": "800ms", "duration": "300ms", "pick": 5,
   "trigger": {"event": "became_leader", "within": "1s"}},
  {"id": 6, "kind": "cut", "direction": "out", "target": "leader", "at": "900ms",
   "duration": "300ms", "pick": 6},
  {"id": 7, "kind": "membership", "change": "replace", "target": "follower", "at": "1400ms",
   "duration": "500ms", "pick": 7},
  {"id": 8, "kind": "transfer", "target": "follower", "at": "2s", "duration": "500ms", "pick": 8},
  {"id": 9, "kind": "power-loss", "unsynced": "torn", "target": "all", "at": "2300ms",
   "duration": "200ms", "pick": 9},
  {"id": 10, "kind": "partition", "shape": "one", "target": "event-node", "at": "2400ms",
   "duration": "300ms", "pick": 10, "trigger": {"event": "entries_sent", "within": "1s"}},
  {"id": 11, "kind": "clock", "rate": 1.5, "target": "follower", "at": "2700ms",
   "duration": "200ms", "pick": 11}]})";

Plan plan_with(const std::string& mutant) {
  Plan plan;
  plan.mutant = mutant;
  plan.nodes = 3;
  plan.time_limit = 3s;
  plan.seed = 7;
  plan.rate = 500;
  return plan;
}

TEST_F(Simulated, the_same_seed_gives_the_same_run_to_the_letter) {
  const auto plan = plan_with("");
  const auto schedule = nemesis::parse_schedule(all_kinds);
  const auto first = run(plan, schedule, 42);
  const auto second = run(plan, schedule, 42);
  const auto other = run(plan, schedule, 43);
  for (const auto* name : {"transcript.txt", "history.jsonl", "wire.jsonl", "disks.jsonl",
                           "trace/n1.jsonl", "trace/n2.jsonl", "trace/n3.jsonl"}) {
    const auto text = text_of(first.folder() / name);
    EXPECT_FALSE(text.empty()) << name;
    EXPECT_EQ(text, text_of(second.folder() / name)) << name;
    EXPECT_NE(text, text_of(other.folder() / name)) << name;
  }
}

TEST_F(Simulated, the_correct_node_keeps_every_promise_under_every_kind_that_can_be_played) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto verdict =
        judge_run(run(plan_with(""), nemesis::parse_schedule(all_kinds), seed), {}).verdict;
    EXPECT_EQ(verdict.validity, Validity::valid) << "seed " << seed << ": " << verdict.sentence;
  }
}

TEST_F(Simulated, every_kind_is_played) {
  const auto transcript =
      text_of(transcript_path(run(plan_with(""), nemesis::parse_schedule(all_kinds), 1)));
  for (const auto* kind : {"kill", "delay", "duplicate", "reorder", "pause", "cut", "membership",
                           "transfer", "power-loss", "partition", "clock"}) {
    EXPECT_THAT(transcript, testing::HasSubstr(fmt::format("fault: {}", kind))) << transcript;
  }
  EXPECT_THAT(transcript, testing::Not(testing::HasSubstr("skips"))) << transcript;
}

TEST_F(Simulated, a_stale_read_happens_here_too) {
  expect_only_the_mutant_breaks("linearizable", plan_with("A1"),
                                nemesis::parse_schedule(leader_cut_off));
}

TEST_F(Simulated, a_vote_that_is_given_twice_happens_here_too) {
  auto plan = plan_with("P1");
  plan.system_options = {{"pre-vote", "off"}, {"check-quorum", "off"}};
  plan.time_limit = 8s;
  expect_only_the_mutant_breaks("election safety", plan, schedule_named("double-vote.json"));
}

TEST_F(Simulated, logs_diverge_here_too) {
  auto plan = plan_with("R1");
  plan.nodes = 5;
  plan.time_limit = 8s;
  expect_only_the_mutant_breaks("log matching", plan, schedule_named("diverging-logs.json"));
}

TEST_F(Simulated, a_leader_is_answered_for_a_log_that_it_lost) {
  auto plan = plan_with("R8");
  plan.nodes = 5;
  plan.concurrency = 60;
  plan.system_options = {{"pre-vote", "off"}, {"check-quorum", "off"}};
  const auto schedule = nemesis::make_schedule(
      1, nemesis::parse_nemeses("ambush:overtaken-answers"), plan.time_limit, 1s);
  constexpr std::uint64_t enough = 10;
  const auto run_all = [&] {
    for (std::uint64_t seed = 1; seed <= enough; ++seed) run(plan, schedule, seed);
  };
  EXPECT_DEATH(run_all(), "acknowledged [0-9]+, last is");
  plan.mutant.clear();
  for (std::uint64_t seed = 1; seed <= enough; ++seed) {
    EXPECT_FALSE(breaks(plan, schedule, seed)) << "the correct node, seed " << seed;
  }
}

TEST_F(Simulated, leases_do_not_stand_clocks_that_differ_by_more_than_they_allow) {
  const auto schedule = nemesis::parse_schedule(leader_of_slow_time);
  auto plan = plan_with("");
  plan.system_options = {{"lease", "on"}};
  EXPECT_TRUE(breaks(plan, schedule, 1, "linearizable"));
  plan.system_options = {{"lease", "off"}};
  EXPECT_FALSE(breaks(plan, schedule, 1));
}

TEST_F(Simulated, the_power_goes_in_the_midst_of_a_step) {
  expect_only_the_mutant_breaks("acknowledgement", plan_with("P6"),
                                nemesis::parse_schedule(power_goes_twice));
}

TEST_F(Simulated, what_was_written_but_not_synced_outlives_the_process_and_not_the_machine) {
  auto plan = plan_with("P7");
  plan.nodes = 1;
  const auto power_loss = nemesis::parse_schedule(power_goes_twice);
  auto kill = power_loss;
  for (auto& fault : kill.faults) fault.action = nemesis::Kill{};
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    EXPECT_FALSE(breaks(plan, kill, seed)) << seed;
  }
  expect_only_the_mutant_breaks("linearizable", plan, power_loss);
}

}  // namespace
}  // namespace sunder::harness::simulation
