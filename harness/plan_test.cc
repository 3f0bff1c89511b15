#include "harness/plan.h"

#include <stdexcept>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sunder::harness {
namespace {

Plan unusual_plan() {
  Plan plan;
  plan.name = "n";
  plan.system_options = {{"pre-vote", "off"}, {"snapshot-every", "50"}};
  plan.mutant = "A1";
  plan.nemeses = {"kill", "partition:bridge"};
  plan.nodes = 3;
  plan.concurrency = 4;
  plan.keys = 2;
  plan.rate = 12.5;
  plan.time_limit = std::chrono::milliseconds(1500);
  plan.fail_fast = true;
  plan.seed = 18446744073709551615U;
  return plan;
}

TEST(Plan, comes_back_from_its_json_as_it_was) {
  const auto json = to_json(unusual_plan());
  EXPECT_EQ(to_json(plan_from_json(json)), json);
  EXPECT_EQ(plan_from_json(json).seed, unusual_plan().seed);
}

TEST(Plan, names_the_member_that_is_missing) {
  auto json = to_json(unusual_plan());
  json.erase("nodes");
  try {
    plan_from_json(json);
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("plan: \"nodes\" is missing"), std::string::npos);
  }
}

TEST(Plan, tells_the_command_that_repeats_it) {
  EXPECT_EQ(command_line(unusual_plan()),
            "sunder run --system raft:pre-vote=off,snapshot-every=50 --mutant A1 --nemesis "
            "kill,partition:bridge --nodes 3 --concurrency 4 "
            "--keys 2 --rate 12.5 --time-limit 1500ms --fail-fast --seed 18446744073709551615");
}

TEST(Plan, repeats_the_faults_of_a_file_by_the_file_alone) {
  auto plan = unusual_plan();
  plan.schedule_file = "faults.json";
  const auto line = command_line(plan);
  EXPECT_NE(line.find("--schedule faults.json"), std::string::npos) << line;
  EXPECT_EQ(line.find("--nemesis kill"), std::string::npos) << line;
}

}  // namespace
}  // namespace sunder::harness
