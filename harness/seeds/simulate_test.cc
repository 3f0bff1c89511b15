// `sunder simulate`, as a user runs it.

#include <filesystem>
#include <set>

#include <gmock/gmock.h>

#include "harness/seeds/simulator_program.h"
#include "harness/sunder_program_test.h"

namespace sunder::harness {
namespace {

using testing::HasSubstr;
using testing::Not;

class SunderSimulateSeeds : public SunderProgram {
 protected:
  Finished simulate(std::vector<std::string> flags) const {
    flags.insert(flags.begin(), "simulate");
    flags.insert(flags.end(), {"--runs-dir", runs().string()});
    return sunder(flags);
  }
};

TEST_F(SunderSimulateSeeds, the_correct_node_breaks_nothing) {
  const auto simulated = simulate({"--seeds", "1..4", "--nemesis", "kill", "--json"});
  EXPECT_EQ(simulated.exit_code, 0) << simulated.out << simulated.err;
  const auto json = nlohmann::json::parse(simulated.out);
  EXPECT_EQ(json["seeds"], 4);
  EXPECT_EQ(json["valid"], 4);
  EXPECT_GT(json["operations"], 100);
  EXPECT_GT(json["simulated_seconds"], 40.0);
}

TEST_F(SunderSimulateSeeds, the_greatest_seed_is_one) {
  const auto simulated = simulate({"--seeds", "18446744073709551614..18446744073709551615",
                                   "--nemesis", "kill", "--time-limit", "1s", "--json"});
  EXPECT_EQ(simulated.exit_code, 0) << simulated.out << simulated.err;
  EXPECT_EQ(nlohmann::json::parse(simulated.out)["seeds"], 2);
}

/// R5 lets a leader commit what a majority lacks: nodes abort by a broken invariant.
TEST_F(SunderSimulateSeeds, a_broken_seed_says_what_broke_and_how_to_repeat_it_and_keeps_its_run) {
  const auto found = simulate({"--mutant", "R5", "--seeds", "1..50", "--fail-fast"});
  ASSERT_EQ(found.exit_code, 1) << found.out << found.err;
  EXPECT_THAT(found.out, HasSubstr("repeat: sunder simulate --mutant R5 --seeds "));
  EXPECT_THAT(found.out, HasSubstr("report: "));
  const auto seed = found.out.substr(
      found.out.find("R5 --seeds ") + 11,
      found.out.find('\n', found.out.find("R5 --seeds ")) - found.out.find("R5 --seeds ") - 11);
  const auto first_line = found.out.substr(0, found.out.find('\n'));
  const auto repeated = simulate({"--mutant", "R5", "--seeds", seed});
  EXPECT_EQ(repeated.exit_code, 1);
  EXPECT_THAT(repeated.out, HasSubstr(first_line));
}

TEST_F(SunderSimulateSeeds, a_node_that_aborts_ends_only_its_own_seed) {
  const auto found = simulate({"--mutant", "R5", "--seeds", "1..8", "--jobs", "2"});
  EXPECT_EQ(found.exit_code, 1) << found.out << found.err;
  EXPECT_THAT(found.out, HasSubstr("broken invariant: "));
  EXPECT_THAT(found.out, HasSubstr("8 seeds: "));
}

TEST_F(SunderSimulateSeeds, refuses_what_it_cannot_simulate) {
  EXPECT_EQ(simulate({"--seeds", "7..3"}).exit_code, 254);
  EXPECT_EQ(simulate({"--nemesis", "flood"}).exit_code, 254);
  const auto other = simulate({"--system", "etcd"});
  EXPECT_EQ(other.exit_code, 254);
  EXPECT_THAT(other.err, HasSubstr("of etcd there is no core to simulate"));
}

TEST(SeedRange, is_one_seed_or_from_one_to_another) {
  EXPECT_EQ(seeds::parse_seed_range("3..9")->last, 9U);
  EXPECT_EQ(seeds::parse_seed_range("17")->first, 17U);
  EXPECT_EQ(seeds::parse_seed_range("17")->last, 17U);
  for (const auto* text : {"", "..", "9..3", "1..", "x", "1..2..3", "-1"}) {
    EXPECT_FALSE(seeds::parse_seed_range(text)) << text;
  }
}

TEST(Trial, the_same_seed_draws_the_same_and_the_user_decides_what_is_given) {
  auto spec = seeds::usual_spec();
  const auto first = seeds::make_trial(spec, 5);
  const auto again = seeds::make_trial(spec, 5);
  EXPECT_EQ(to_json(first.plan), to_json(again.plan));
  EXPECT_EQ(first.schedule, again.schedule);
  spec.plan.system_options = {{"pre-vote", "on"}, {"check-quorum", "on"}, {"lease", "off"}};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto& options = seeds::make_trial(spec, seed).plan.system_options;
    EXPECT_EQ(options.at("pre-vote"), "on");
    EXPECT_EQ(options.at("lease"), "off");
  }
}

/// The drawn "pre-vote check-quorum lease" of a hundred seeds.
std::set<std::string> combinations(const seeds::TrialSpec& spec) {
  std::set<std::string> drawn;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const auto& options = seeds::make_trial(spec, seed).plan.system_options;
    const auto lease = options.find("lease");
    drawn.insert(options.at("pre-vote") + " " + options.at("check-quorum") + " " +
                 (lease == options.end() ? "off" : lease->second));
  }
  return drawn;
}

TEST(Trial, combines_pre_vote_check_quorum_and_lease_in_all_ways_that_the_node_accepts) {
  auto spec = seeds::usual_spec();
  EXPECT_THAT(combinations(spec), testing::ElementsAre("off off off", "off on off", "off on on",
                                                       "on off off", "on on off", "on on on"));
  spec.plan.system_options = {{"lease", "on"}};
  EXPECT_THAT(combinations(spec), testing::ElementsAre("off on on", "on on on"));
}

TEST(Trial, survives_its_way_to_the_simulator) {
  auto spec = seeds::usual_spec();
  spec.schedule = seeds::make_trial(spec, 3).schedule;
  const auto read = seeds::trial_spec_from_json(seeds::to_json(spec));
  EXPECT_EQ(seeds::to_json(read), seeds::to_json(spec));
  EXPECT_EQ(read.schedule, spec.schedule);
}

}  // namespace
}  // namespace sunder::harness
