#include "harness/campaign/run_matrix.h"

#include <stdexcept>

#include <gmock/gmock.h>

namespace sunder::harness::campaign {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<Mutant> some_mutants() {
  std::vector<Mutant> mutants(2);
  mutants[0].id = "A1";
  mutants[0].name = "read-without-quorum";
  mutants[0].hunt = {"register", "partition,pause:leader", 3, "pre-vote=off",
                     "--nemesis-interval 1s --keys 2"};
  mutants[1].id = "P8";
  mutants[1].argument = "cannot happen here";
  return mutants;
}

std::vector<std::string> keys(const std::vector<PlannedRun>& runs) {
  std::vector<std::string> keys;
  for (const auto& run : runs) keys.push_back(results::key_of(run.record));
  return keys;
}

TEST(RunMatrix, is_the_product_with_the_seeds_outermost) {
  Spec spec;
  spec.nemeses = {"kill", "pause+partition"};
  spec.seeds = {1, 2};
  EXPECT_THAT(keys(runs_of(spec, {})),
              ElementsAre("raft-register-kill-1", "raft-register-pause+partition-1",
                          "raft-register-kill-2", "raft-register-pause+partition-2"));
}

TEST(RunMatrix, a_run_is_a_command) {
  Spec spec;
  spec.systems = {"raft:pre-vote=off+check-quorum=off"};
  spec.nemeses = {"pause+partition"};
  spec.seeds = {7};
  spec.flags = "--rate 500 --fail-fast --nodes 3";
  const auto runs = runs_of(spec, {});
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(results::command_of(runs.front().record),
            "sunder run --system raft:check-quorum=off,pre-vote=off --nemesis pause,partition "
            "--nodes 3 --rate 500 --time-limit 10s --nemesis-interval 2s --fail-fast --seed 7");
  EXPECT_EQ(results::command_of(runs.front().record), command_line(runs.front().plan));
  EXPECT_EQ(runs.front().record.system, "raft:pre-vote=off,check-quorum=off");
  EXPECT_EQ(runs.front().record.expected_seconds, 12);
}

TEST(RunMatrix, a_described_system_has_its_options_in_the_plan) {
  Spec spec;
  const std::string file = SUNDER_EXAMPLES "/../../harness/driver/described/store_for_tests.json";
  spec.systems = {file + ":reads=local"};
  spec.nemeses = {"none"};
  spec.seeds = {1};
  const auto runs = runs_of(spec, {});
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs.front().plan.system, file);
  EXPECT_EQ(runs.front().plan.system_options.at("reads"), "local");
  spec.systems = {file + ":reads=all"};
  EXPECT_THROW(runs_of(spec, {}), std::invalid_argument);
}

TEST(RunMatrix, what_is_known_to_be_bad_is_known_of_every_run) {
  Spec spec;
  spec.systems = {"etcd:reads=serializable"};
  spec.nemeses = {"partition"};
  spec.seeds = {1};
  EXPECT_FALSE(runs_of(spec, {}).front().record.known_bad);
  spec.known_bad = true;
  EXPECT_TRUE(runs_of(spec, {}).front().record.known_bad);
}

TEST(RunMatrix, mutants_are_part_of_the_product) {
  Spec spec;
  spec.nemeses = {"kill"};
  spec.seeds = {1};
  spec.mutants = {"none", "all", "read-without-quorum"};
  EXPECT_THAT(keys(runs_of(spec, some_mutants())),
              ElementsAre("raft-register-kill-1", "raft-register-kill-A1-1"));
}

TEST(RunMatrix, a_hunt_runs_what_is_known_to_find_each_mutant) {
  Spec spec;
  spec.hunt = true;
  spec.seeds = {1};
  spec.mutants = {"A1"};
  const auto runs = runs_of(spec, some_mutants());
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(results::command_of(runs.front().record),
            "sunder run --system raft:pre-vote=off --mutant A1 --nemesis partition,pause:leader "
            "--nodes 3 --keys 2 --time-limit 10s --nemesis-interval 1s --seed 1");
  EXPECT_EQ(results::command_of(runs.front().record), command_line(runs.front().plan));
}

TEST(RunMatrix, a_schedule_can_stand_for_the_nemesis) {
  Spec spec;
  spec.nemeses = {"@found/a+b.json"};
  spec.seeds = {1};
  const auto command = results::command_of(runs_of(spec, {}).at(0).record);
  EXPECT_THAT(command, HasSubstr("--schedule found/a+b.json"));
  EXPECT_THAT(command, testing::Not(HasSubstr("--nemesis ")));
}

TEST(RunMatrix, a_control_is_the_same_run_without_the_mutant) {
  Spec spec;
  spec.seeds = {1};
  spec.mutants = {"control", "A1"};
  spec.hunt = true;
  const auto runs = runs_of(spec, some_mutants());
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].record.mutant, "");
  auto plan = runs[1].plan;
  plan.mutant.clear();
  EXPECT_EQ(runs[0].plan, plan);
}

TEST(RunMatrix, what_is_not_known_is_refused_before_anything_is_started) {
  const auto refusal_of = [](auto change) {
    Spec spec;
    change(spec);
    try {
      runs_of(spec, some_mutants());
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_THAT(refusal_of([](Spec& spec) { spec.systems = {"rafd"}; }), HasSubstr("rafd"));
  EXPECT_THAT(refusal_of([](Spec& spec) { spec.workloads = {"regster"}; }), HasSubstr("regster"));
  EXPECT_THAT(refusal_of([](Spec& spec) { spec.nemeses = {"kill+kil"}; }), HasSubstr("kil"));
  EXPECT_THAT(refusal_of([](Spec& spec) { spec.mutants = {"A99"}; }), HasSubstr("A99"));
  EXPECT_THAT(refusal_of([](Spec& spec) { spec.seeds = {1, 1}; }), HasSubstr("twice"));
  EXPECT_THAT(refusal_of([](Spec& spec) { spec.flags = "--nonsense"; }), HasSubstr("--nonsense"));
}

TEST(RunMatrix, the_canary_is_a_mutants_run_that_ends_when_it_is_found) {
  const auto canary = canary_run(3);
  EXPECT_TRUE(canary.record.canary);
  EXPECT_EQ(canary.record.mutant, "A1");
  EXPECT_THAT(results::command_of(canary.record), HasSubstr("--fail-fast"));
}

}  // namespace
}  // namespace sunder::harness::campaign
