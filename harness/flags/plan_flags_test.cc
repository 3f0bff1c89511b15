#include "harness/flags/plan_flags.h"

#include <fstream>
#include <random>
#include <stdexcept>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "testing/temporary_folder.h"

namespace sunder::harness {
namespace {

using testing::HasSubstr;

constexpr const char* described_system = SUNDER_EXAMPLES "/etcd.json";

/// Draws every member that has a flag.
class RandomPlans {
 public:
  Plan next() {
    Plan plan;
    const auto systems = std::vector<std::string>{"raft", "etcd", "redis", described_system};
    plan.system = one_of(systems);
    if (plan.system == "raft" && chance()) plan.system_options["pre-vote"] = "off";
    if (plan.system == "etcd" && chance()) plan.network = "switch";
    if (plan.system == described_system)
      plan.network = one_of({"proxy", "switch", "switch:release=off", ""});
    if (chance()) plan.model_parameters["initial"] = "0";
    if (plan.system == "raft" && chance()) plan.system_options["snapshot-every"] = "20";
    if (chance()) plan.nemeses = {one_of({"kill:leader", "swarm", "partition:bridge"}), "pause"};
    if (chance()) plan.nemeses.clear();
    if (plan.nemeses.empty() && chance()) plan.schedule_file = "faults of today/a+b.json";
    plan.nodes = draw(1, 9);
    plan.concurrency = draw(1, 1000);
    plan.keys = draw(1, 100'000);
    if (chance()) plan.mix = {{"read", draw(0, 9)}, {"write", draw(1, 9)}};
    if (chance()) plan.phases = {{draw(1, 99), {{"read", 0}}}, {draw(1, 99), {{"write", 2}}}};
    if (chance()) plan.reserved = {{"read", draw(0, 9)}};
    if (chance()) plan.key_skew = draw(0, 40) / 8.0;
    if (chance()) plan.ops_per_key = draw(0, 1000);
    if (chance()) plan.value_bytes = draw(0, 1000);
    if (chance()) {
      plan.burst = std::chrono::milliseconds(draw(1, 1000));
      plan.burst_every = plan.burst + std::chrono::milliseconds(draw(1, 1000));
    }
    plan.rate = chance() ? 0 : draw(1, 1'000'000) / 8.0;
    plan.time_limit = std::chrono::microseconds(draw(100'000, 2'000'000'000));
    plan.nemesis_interval = std::chrono::milliseconds(draw(100, 1'000'000));
    plan.operation_timeout = std::chrono::seconds(draw(1, 3600));
    plan.election_timeout = std::chrono::milliseconds(draw(10, 60'000));
    plan.recovery_timeout = std::chrono::minutes(draw(1, 60));
    plan.fail_fast = chance();
    plan.keep_running = plan.fail_fast && chance();
    plan.seed = random_();
    return plan;
  }

 private:
  bool chance() { return draw(0, 1) == 1; }
  int draw(int low, int high) {
    return low + static_cast<int>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }
  std::string one_of(const std::vector<std::string>& items) {
    return items[static_cast<std::size_t>(draw(0, static_cast<int>(items.size()) - 1))];
  }

  std::mt19937_64 random_{7};
};

TEST(PlanFlags, what_a_plan_writes_gives_the_same_plan) {
  RandomPlans plans;
  for (int i = 0; i < 300; ++i) {
    const auto plan = plans.next();
    EXPECT_EQ(plan_with(Plan{}, run_flags(plan)), plan) << command_line(plan);
  }
}

TEST(PlanFlags, a_mutant_is_read_by_id_or_name) {
  Plan plan;
  plan.mutant = "A1";
  EXPECT_EQ(plan_with(Plan{}, run_flags(plan)), plan);
  EXPECT_EQ(plan_with(Plan{}, {"--mutant", "read-without-quorum"}), plan);
}

TEST(PlanFlags, what_is_not_given_stays_as_usual) {
  RandomPlans plans;
  for (int i = 0; i < 100; ++i) {
    const auto usual = plans.next();
    auto changed = usual;
    changed.nodes = 7;
    EXPECT_EQ(plan_with(usual, {}), usual) << command_line(usual);
    EXPECT_EQ(plan_with(usual, {"--nodes", "3", "--nodes", "7"}), changed) << command_line(usual);
  }
}

TEST(PlanFlags, the_shape_of_transactions_is_written_as_it_is_read) {
  Plan plan;
  plan.workload = "rw-register";
  for (const auto& [text, lengths] :
       {std::pair{"1..9", workloads::Lengths{1, 9}}, std::pair{"3", workloads::Lengths{3, 3}}}) {
    plan.txn_length = lengths;
    plan.max_writes_per_key = 7;
    EXPECT_EQ(plan_with(Plan{}, run_flags(plan)), plan) << command_line(plan);
    EXPECT_EQ(plan_from_json(to_json(plan)), plan);
    EXPECT_THAT(run_flags(plan), testing::Contains(text));
  }
}

TEST(PlanFlags, the_level_of_a_described_system_is_judged_unless_the_user_names_another) {
  const TemporaryFolder folder;
  const auto file = (folder.path() / "system.json").string();
  std::ofstream(file) << R"({"node": ["a"], "adapter": ["b"], "isolation": "snapshot"})";
  const auto isolation_of = [&file](std::vector<std::string> words) {
    words.insert(words.end(), {"--system", file});
    return plan_with(Plan{}, words).isolation;
  };
  EXPECT_EQ(isolation_of({"--workload", "list-append"}), "snapshot-isolation");
  EXPECT_EQ(isolation_of({"--workload", "list-append", "--isolation", "causal"}), "causal");
  EXPECT_EQ(isolation_of({"--workload", "register"}), "");
}

TEST(PlanFlags, what_is_wrong_is_named) {
  const auto refusal_of = [](const std::vector<std::string>& words) {
    try {
      plan_with(Plan{}, words);
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_THAT(refusal_of({"--nodes", "0"}), HasSubstr("--nodes 0"));
  EXPECT_THAT(refusal_of({"--nonsense"}), HasSubstr("--nonsense"));
  EXPECT_THAT(refusal_of({"word"}), HasSubstr("word"));
  EXPECT_THAT(refusal_of({"--keep-running"}), HasSubstr("--keep-running"));
  EXPECT_THAT(refusal_of({"--bin", "x"}), HasSubstr("--bin"));
  EXPECT_THAT(refusal_of({"--help"}), HasSubstr("--help"));
  EXPECT_THAT(refusal_of({"--txn-length", "3"}), HasSubstr("register does not take it"));
  for (const char* lengths : {"0", "4..1", "1..", "x", "1...4", "1..2000"}) {
    EXPECT_THAT(refusal_of({"--workload", "list-append", "--txn-length", lengths}),
                HasSubstr("--txn-length "));
  }
}

}  // namespace
}  // namespace sunder::harness
