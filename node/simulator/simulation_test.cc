#include "node/simulator/simulation.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "node/simulator/mutant_hunt.h"

namespace sunder::simulator {
namespace {

/// SUNDER_SEED=17 repeats one seed, SUNDER_SEEDS=5000 tries so many.
std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::string all_of(const std::vector<std::string>& violations) {
  std::string text;
  for (const auto& each : violations) text += each + "\n";
  return text;
}

TEST(Simulation, the_core_keeps_every_property_under_random_faults) {
  const auto one = number_from_environment("SUNDER_SEED", 0);
  const auto seeds = number_from_environment("SUNDER_SEEDS", 200);
  SimulationResult total;
  for (std::uint64_t seed = one != 0 ? one : 1; seed <= (one != 0 ? one : seeds); ++seed) {
    const auto result = simulate({.seed = seed});
    ASSERT_TRUE(result.violations.empty())
        << all_of(result.violations) << "repeat with SUNDER_SEED=" << seed
        << " node_tests --gtest_filter=Simulation.the_core*";
    total.operations += result.operations;
    total.elections += result.elections;
    total.truncations += result.truncations;
    total.crashes += result.crashes;
    total.snapshots_taken += result.snapshots_taken;
    total.snapshots_installed += result.snapshots_installed;
    total.configurations += result.configurations;
  }
  RecordProperty("operations", std::to_string(total.operations));
  if (one != 0) return;
  // A simulation in which nothing happens finds nothing.
  EXPECT_GT(total.operations, 50 * seeds);
  EXPECT_GT(total.elections, 5 * seeds);
  EXPECT_GT(total.crashes, 3 * seeds);
  EXPECT_GT(total.truncations, seeds / 2);
  EXPECT_GT(total.snapshots_taken, 5 * seeds);
  EXPECT_GT(total.snapshots_installed, seeds);
  // Beside the one that each start of a node tells.
  EXPECT_GT(total.configurations, total.crashes + 10 * seeds);
}

TEST(Simulation, the_same_seed_gives_the_same_run) {
  const auto first = simulate({.seed = 42});
  const auto second = simulate({.seed = 42});
  EXPECT_EQ(first.operations, second.operations);
  EXPECT_EQ(first.elections, second.elections);
  EXPECT_EQ(first.commits, second.commits);
  EXPECT_NE(first.commits, simulate({.seed = 43}).commits);
}

/// The seeds it takes, up to `enough`.
std::uint64_t seeds_to_catch(std::string_view id, const HuntOptions& options,
                             std::uint64_t enough) {
  std::uint64_t seed = 1;
  while (seed <= enough && hunt(find_mutant(id), seed, options).violation.empty()) ++seed;
  return seed;
}

/// Where votes come late and leaders fall at once.
TEST(Simulation, mistakes_with_votes_are_caught_in_a_storm_of_elections) {
  const std::uint64_t enough = 300;
  for (const auto* id : {"P1", "P3", "P4"}) {
    const auto seeds = seeds_to_catch(id, {.climate = Climate::election_storm}, enough);
    EXPECT_LE(seeds, enough) << id << " survives";
    RecordProperty(id, std::to_string(seeds));
  }
}

TEST(Simulation, the_core_keeps_every_property_in_a_storm_of_elections) {
  auto options = simulation_in(Climate::election_storm);
  const auto seeds = number_from_environment("SUNDER_SEEDS", 100);
  for (options.seed = 1; options.seed <= seeds; ++options.seed) {
    const auto result = simulate(options);
    ASSERT_TRUE(result.violations.empty())
        << all_of(result.violations) << "in a storm with seed " << options.seed;
  }
}

TEST(Simulation, a_lease_that_is_held_too_long_is_caught) {
  const auto hold_on = [](TraceSink&) {
    Parts parts;
    parts.rules.lease_holds = [](raft::Time, raft::Time) { return true; };
    return parts;
  };
  SimulationOptions options;
  options.clients = 8;
  options.pause_of_clients = std::chrono::milliseconds(20);
  options.faults = {.crashes = false, .weather = false, .membership = false, .transfers = false};
  options.make_parts = hold_on;
  for (options.seed = 1; options.seed <= 200; ++options.seed) {
    if (!simulate(options).violations.empty())
      return RecordProperty("seed", std::to_string(options.seed));
  }
  FAIL() << "it survives 200 seeds";
}

/// Those that take few seeds; './dev bench soak --mutant all' hunts all of them.
TEST(Simulation, mutants_are_caught) {
  const std::uint64_t enough = 300;
  for (const auto* id : {"P7", "E9", "E10", "E13", "R2",  "R3",  "R5", "R6", "R7", "R9", "R12",
                         "A1", "A7", "A9",  "A10", "A12", "A14", "S4", "S6", "M2", "M3", "M5"}) {
    const auto seeds = seeds_to_catch(id, {}, enough);
    EXPECT_LE(seeds, enough) << id << " survives";
    RecordProperty(id, std::to_string(seeds));
  }
}

}  // namespace
}  // namespace sunder::simulator
