// The correct node under random faults, seed after seed, and the seeded bugs that must be caught
// there. `sunder simulate` does the same for as many seeds as one likes.

#include <chrono>
#include <cstdlib>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/judge/evidence.h"
#include "harness/judge/judge.h"
#include "harness/simulation/evidence_log.h"
#include "harness/simulation/folder_log.h"
#include "harness/simulation/seed_process.h"
#include "harness/simulation/simulated_run.h"
#include "results/store/run_store.h"
#include "results/store/seals.h"
#include "results/store/verdict_json.h"
#include "testing/temporary_folder.h"

namespace sunder::harness::simulation {
namespace {

using namespace std::chrono_literals;
using checker::Validity;
using seeds::SeedResult;
using seeds::TrialSpec;

/// SUNDER_SEED=17 repeats one seed, SUNDER_SEEDS=5000 tries so many.
std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// Votes come late, and voters and leaders fall at once and come back.
TrialSpec election_storm() {
  auto spec = seeds::usual_spec();
  spec.nemesis =
      "ambush:voters,ambush:split-vote,ambush:new-leader,ambush:power-after-vote,"
      "restart-storm,duplicate";
  spec.plan.nemesis_interval = 500ms;
  spec.plan.system_options = {{"check-quorum", "off"}, {"pre-vote", "off"}};
  return spec;
}

SeedResult try_seed(const TrialSpec& spec, std::uint64_t seed) {
  return SeedProcess(spec, seed).result();
}

std::string in_words(const SeedResult& result) {
  return fmt::format("{}{} {}", result.died, result.verdict.sentence, result.complaint);
}

/// What happened with all seeds together.
struct Activity {
  std::uint64_t seeds = 0;
  std::uint64_t unknown = 0;
  std::int64_t operations = 0;
  std::uint64_t elections = 0;
  std::uint64_t truncations = 0;
  std::uint64_t starts = 0;
  std::uint64_t snapshots_taken = 0;
  std::uint64_t snapshots_installed = 0;
  std::uint64_t configurations = 0;

  void add(const SeedResult& result) {
    ++seeds;
    if (result.verdict.validity == Validity::unknown) ++unknown;
    operations += result.operations;
    elections += result.times_traced("became_leader");
    truncations += result.times_traced("truncated");
    starts += result.times_traced("started");
    snapshots_taken += result.times_traced("snapshot_taken");
    snapshots_installed += result.times_traced("snapshot_installed");
    configurations += result.times_traced("configuration");
  }
};

TEST(Simulation, the_core_keeps_every_property_under_random_faults) {
  const auto one = number_from_environment("SUNDER_SEED", 0);
  const auto seeds = number_from_environment("SUNDER_SEEDS", 200);
  Activity total;
  for (std::uint64_t seed = one != 0 ? one : 1; seed <= (one != 0 ? one : seeds); ++seed) {
    const auto result = try_seed(seeds::usual_spec(), seed);
    ASSERT_FALSE(result.is_broken())
        << in_words(result) << "\nrepeat with: sunder simulate --seeds " << seed;
    total.add(result);
  }
  RecordProperty("operations", std::to_string(total.operations));
  if (one != 0) return;
  // A simulation in which nothing happens finds nothing.
  const auto nodes_at_most = 5 * seeds;
  EXPECT_LT(total.unknown, seeds / 10);
  EXPECT_GT(total.operations, 50 * seeds);
  EXPECT_GT(total.elections, 5 * seeds);
  EXPECT_GT(total.starts, nodes_at_most + 3 * seeds);
  EXPECT_GT(total.truncations, seeds / 2);
  EXPECT_GT(total.snapshots_taken, 5 * seeds);
  EXPECT_GT(total.snapshots_installed, seeds);
  // Beside the one that each start of a node traces.
  EXPECT_GT(total.configurations, total.starts + 10 * seeds);
}

TEST(Simulation, the_core_keeps_every_property_in_a_storm_of_elections) {
  const auto seeds = number_from_environment("SUNDER_SEEDS", 100);
  Activity total;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const auto result = try_seed(election_storm(), seed);
    ASSERT_FALSE(result.is_broken()) << in_words(result) << "\nin a storm with seed " << seed;
    total.add(result);
  }
  EXPECT_GT(total.elections, 5 * seeds);
}

TEST(Simulation, the_same_seed_gives_the_same_run) {
  const auto first = to_line(try_seed(seeds::usual_spec(), 42));
  EXPECT_EQ(first, to_line(try_seed(seeds::usual_spec(), 42)));
  auto other = try_seed(seeds::usual_spec(), 43);
  other.seed = 42;
  EXPECT_NE(first, to_line(other));
}

/// The seeds it takes, up to `enough`.
std::uint64_t seeds_to_catch(TrialSpec spec, const std::string& mutant, std::uint64_t enough) {
  spec.plan.mutant = mutant;
  std::uint64_t seed = 1;
  while (seed <= enough && !try_seed(spec, seed).is_broken()) ++seed;
  return seed;
}

/// Where votes come late and leaders fall at once.
TEST(Simulation, mistakes_with_votes_are_caught_in_a_storm_of_elections) {
  const std::uint64_t enough = 300;
  for (const auto* id : {"P1", "P3", "P4"}) {
    const auto seeds = seeds_to_catch(election_storm(), id, enough);
    EXPECT_LE(seeds, enough) << id << " survives";
    RecordProperty(id, std::to_string(seeds));
  }
}

TEST(Simulation, a_lease_that_is_held_too_long_is_caught) {
  const MakeParts hold_on = [](TraceSink&) {
    Parts parts;
    parts.rules.lease_holds = [](raft::Time, raft::Time) { return true; };
    return parts;
  };
  auto spec = seeds::usual_spec();
  spec.nemesis = "pause:leader,partition:leader,partition:one-way";
  spec.plan.concurrency = 8;
  spec.plan.rate = 200;
  spec.plan.system_options = {{"check-quorum", "on"}, {"lease", "on"}};
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const auto trial = make_trial(spec, seed);
    EvidenceLog log(trial.plan.nodes);
    SimulatedRun(trial.plan, trial.schedule, log, seed, hold_on).conduct();
    if (judge(trial.plan, log.take(), {}).verdict.validity != Validity::invalid) continue;
    return RecordProperty("seed", std::to_string(seed));
  }
  FAIL() << "it survives 200 seeds";
}

/// A long queue is drained message by message, which may take longer than a recovery may.
TEST(Simulation, a_queue_that_is_not_drained_in_time_is_not_the_systems_fault) {
  auto spec = seeds::usual_spec();
  spec.nemesis = "none";
  spec.plan.workload = "queue";
  spec.plan.mix = {{"enqueue", 9}, {"dequeue", 1}};
  spec.plan.keys = 3;
  spec.plan.rate = 0;
  spec.plan.recovery_timeout = std::chrono::milliseconds(500);
  const auto trial = make_trial(spec, 1);
  EvidenceLog log(trial.plan.nodes);
  SimulatedRun(trial.plan, trial.schedule, log, 1).conduct();
  const auto judgement = judge(trial.plan, log.take(), {});
  EXPECT_NE(judgement.verdict.validity, Validity::invalid) << judgement.verdict.sentence;
  const auto& last = judgement.history.operations.back();
  EXPECT_EQ(last.f, "dequeue");
  EXPECT_EQ(last.outcome, history::Outcome::ok) << "the queues were drained";
}

/// A run in memory and the same in a folder get the same verdict, word for word.
TEST(Simulation, a_run_is_judged_alike_in_memory_and_from_its_folder) {
  const TemporaryFolder folder;
  for (const auto* mutant : {"", "A1", "A10"}) {
    auto spec = seeds::usual_spec();
    spec.plan.mutant = mutant;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      auto trial = make_trial(spec, seed);
      trial.plan.evidence = evidence_of_system(trial.plan.system);
      const auto store =
          results::RunStore::create(folder.path(), "run", seed, std::chrono::system_clock::now());
      store.write_plan(to_json(trial.plan).dump());
      const auto conduct_into = [&](RunLog& log) {
        SimulatedRun(trial.plan, trial.schedule, log, seed).conduct();
        log.flush();
      };
      EvidenceLog evidence(trial.plan.nodes);
      conduct_into(evidence);
      FolderLog files(store, trial.plan.nodes);
      conduct_into(files);
      results::seal_evidence(store);
      auto in_memory = judge(trial.plan, evidence.take(), {});
      auto from_files = judge_run(store, {});
      EXPECT_EQ(results::to_verdict_json({in_memory.verdict, in_memory.statistics}),
                results::to_verdict_json({from_files.verdict, from_files.statistics}))
          << mutant << " seed " << seed;
    }
  }
}

/// Those that take few seeds; `sunder simulate --mutant ID` hunts any.
TEST(Simulation, mutants_are_caught) {
  const std::uint64_t enough = 300;
  for (const auto* id : {"P7", "E9", "E10", "E13", "R2",  "R3",  "R5", "R6", "R7", "R9", "R12",
                         "A1", "A7", "A9",  "A10", "A12", "A14", "S4", "S6", "M2", "M3", "M5"}) {
    const auto seeds = seeds_to_catch(seeds::usual_spec(), id, enough);
    EXPECT_LE(seeds, enough) << id << " survives";
    RecordProperty(id, std::to_string(seeds));
  }
}

}  // namespace
}  // namespace sunder::harness::simulation
