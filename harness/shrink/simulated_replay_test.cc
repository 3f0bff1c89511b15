// A failure on processes tried in the simulator, as a user does.

#include "harness/shrink/simulated_replay.h"

#include <fstream>

#include <gmock/gmock.h>

#include "harness/seeds/trial.h"
#include "harness/sunder_program_test.h"

namespace sunder::harness {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SunderSimulate : public SunderProgram {
 protected:
  /// A mutant that forgets its votes, which any restart shows.
  void fail_once() const {
    const auto run = sunder(run_flags({"--mutant", "P1", "--nodes", "3", "--time-limit", "2s",
                                       "--nemesis", "kill", "--nemesis-interval", "500ms"}));
    ASSERT_EQ(run.exit_code, 1) << run.out << run.err;
  }

  void change_plan(const std::string& member, const std::string& value) const {
    const auto path = latest() / "plan.json";
    auto plan = nlohmann::json::parse(std::ifstream(path));
    plan[member] = value;
    std::ofstream(path) << plan.dump();
  }

  Finished simulate() const {
    return sunder({"replay", "--simulate", latest().string(), "--seeds", "5"});
  }
};

TEST_F(SunderSimulate, a_failure_on_processes_is_repeated_to_the_letter) {
  fail_once();
  const auto first = simulate();
  EXPECT_EQ(first.exit_code, 1) << first.out << first.err;
  EXPECT_THAT(first.out, HasSubstr("reproduced in the simulator with seed 1"));
  EXPECT_THAT(first.out, HasSubstr("fault: kill"));
  EXPECT_THAT(first.out, HasSubstr("makes the mistake P1"));
  EXPECT_THAT(first.out, HasSubstr("✕ durability"));
  EXPECT_TRUE(std::filesystem::exists(latest() / "simulated" / "report.html"));
  EXPECT_FALSE(std::filesystem::exists(latest() / "simulating"));
  EXPECT_EQ(simulate().out, first.out);
}

TEST_F(SunderSimulate, the_correct_node_does_not_fail_there) {
  fail_once();
  change_plan("mutant", "");
  const auto tried = simulate();
  EXPECT_EQ(tried.exit_code, 2) << tried.out << tried.err;
  EXPECT_THAT(tried.out, HasSubstr("not reproduced in the simulator: none of 5 seeds broke"));
  EXPECT_THAT(tried.out, testing::Not(HasSubstr("something else")));
}

TEST_F(SunderSimulate, another_system_has_no_core_to_simulate) {
  fail_once();
  change_plan("system", "etcd");
  const auto refused = simulate();
  EXPECT_EQ(refused.exit_code, 254);
  EXPECT_THAT(refused.err, HasSubstr("of etcd there is no core to simulate"));
}

TEST(SimulatedReplay, names_what_the_simulator_has_none_of_and_plays_the_rest) {
  auto schedule = nemesis::parse_schedule(R"({"faults": [
    {"id": 1, "kind": "kill", "target": "leader", "at": "1s", "duration": "1s", "pick": 1},
    {"id": 2, "kind": "disk", "trouble": "full", "target": "one", "at": "1s", "duration": "1s",
     "pick": 1},
    {"id": 3, "kind": "power-loss", "unsynced": "torn", "target": "one", "at": "1s",
     "duration": "1s", "pick": 1}]})");
  EXPECT_THAT(seeds::leave_out_what_cannot_be_simulated(schedule), ElementsAre("disk full"));
  EXPECT_EQ(schedule.faults.size(), 2U);
}

}  // namespace
}  // namespace sunder::harness
