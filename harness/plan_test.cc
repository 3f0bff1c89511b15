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
  plan.isolation = "snapshot-isolation";
  plan.model_parameters = {{"initial", "\"a\""}};
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

TEST(Plan, knows_who_chose_its_faults_and_whether_it_was_stopped) {
  auto plan = unusual_plan();
  plan.drawn_by = "swarm";
  plan.stopped_after = std::chrono::milliseconds(5100);
  plan.time_limit = std::chrono::seconds(30);
  EXPECT_EQ(plan_from_json(to_json(plan)), plan);
  EXPECT_EQ(time_text(plan), "stopped after 5.1 of 30 s");
  // The same seed draws the same.
  EXPECT_NE(command_line(plan).find("--nemesis swarm "), std::string::npos) << command_line(plan);
}

TEST(Plan, of_an_older_run_was_not_stopped_and_has_the_faults_that_its_user_named) {
  auto json = to_json(unusual_plan());
  json.erase("drawn_by");
  EXPECT_EQ(plan_from_json(json), unusual_plan());
  EXPECT_FALSE(plan_from_json(json).stopped_after);
}

TEST(Plan, knows_its_network_and_an_older_one_is_on_the_proxys) {
  auto plan = unusual_plan();
  plan.system = "store.json";
  plan.network = "switch";
  EXPECT_EQ(plan_from_json(to_json(plan)), plan);
  EXPECT_NE(command_line(plan).find("--network switch "), std::string::npos);
  auto json = to_json(plan);
  json.erase("network");
  EXPECT_EQ(plan_from_json(json).network, "proxy");
  EXPECT_NE(command_line(plan_from_json(json)).find("--network proxy "), std::string::npos);
  json["network"] = "bridge";
  EXPECT_THROW(plan_from_json(json), std::invalid_argument);
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
            "sunder run --system raft:pre-vote=off,snapshot-every=50 --mutant A1 --isolation "
            "snapshot-isolation --initial '\"a\"' "
            "--nemesis "
            "kill,partition:bridge --nodes 3 --concurrency 4 "
            "--keys 2 --rate 12.5 --time-limit 1500ms --fail-fast --seed 18446744073709551615");
}

TEST(Plan, repeats_the_faults_of_a_file_by_the_file_alone) {
  auto plan = unusual_plan();
  plan.schedule_file = "faults.json";
  const auto line = command_line(plan);
  EXPECT_NE(line.find("--schedule faults.json"), std::string::npos) << line;
  EXPECT_EQ(line.find("--nemesis kill"), std::string::npos) << line;
  plan.schedule_file = "faults of today.json";
  EXPECT_NE(command_line(plan).find("--schedule 'faults of today.json'"), std::string::npos);
}

}  // namespace
}  // namespace sunder::harness
