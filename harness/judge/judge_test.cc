#include "harness/judge/judge.h"

#include <algorithm>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/plan.h"
#include "testing/temporary_folder.h"

namespace sunder::harness {
namespace {

namespace fs = std::filesystem;

struct JudgeTest : testing::Test {
  const TemporaryFolder temporary;
  const fs::path& folder = temporary.path();

  /// A check of a run of `system` with this history.
  checker::CheckResult check_of(const std::string& name, const std::string& system,
                                const std::string& history) const {
    const auto store = results::RunStore::create(folder, "test", 1, {});
    Plan plan;
    plan.system = system;
    store.write_plan(to_json(plan).dump());
    results::write_whole_file(store.history_path(), history);
    const auto judgement = judge_run(store, {});
    const auto& checks = judgement.verdict.checks;
    return *std::find_if(checks.begin(), checks.end(),
                         [&](const auto& check) { return check.name == name; });
  }
  checker::CheckResult recovery(const std::string& history) const {
    return check_of("recovery", "raft", history);
  }
};

TEST_F(JudgeTest, a_connection_past_the_proxy_matters_only_if_a_fault_broke_links) {
  const std::string bypass =
      R"({"index":0,"time":1000000000,"process":"nemesis","type":"info","f":"bypass-report","value":{"nodes":["n1","n2"],"connection":"a -> b"}}
)";
  const std::string kill =
      R"({"index":1,"time":2000000000,"process":"nemesis","type":"info","f":"kill","value":{"id":1,"kind":"kill","targets":["n1"]}}
)";
  const std::string cut =
      R"({"index":1,"time":2000000000,"process":"nemesis","type":"info","f":"cut","value":{"id":1,"kind":"cut","targets":["n1"],"links":["n1->n2"]}}
)";
  const auto killed = check_of("links", "etcd", bypass + kill);
  EXPECT_EQ(killed.validity, checker::Validity::valid);
  EXPECT_EQ(killed.message,
            "no fault broke a link; nodes were connected past the proxy: n1 and n2 (a -> b)");
  EXPECT_EQ(check_of("links", "etcd", bypass + cut).validity, checker::Validity::unknown);
}

TEST_F(JudgeTest, a_system_that_never_answers_again_is_told_with_its_stuck_keys_and_its_leader) {
  const auto result = recovery(
      R"({"index":0,"time":1000000000,"process":0,"type":"invoke","f":"read","key":"k1","value":null}
{"index":1,"time":1500000000,"process":0,"type":"ok","f":"read","key":"k1","value":null}
{"index":2,"time":2000000000,"process":1,"type":"invoke","f":"read","key":"k2","value":null}
{"index":3,"time":2100000000,"process":2,"type":"invoke","f":"read","key":"k3","value":null}
{"index":4,"time":13000000000,"process":2,"type":"ok","f":"read","key":"k3","value":null}
{"index":5,"time":22000000000,"process":"nemesis","type":"info","f":"recovery","value":{"recovered":false,"took_ms":10000,"leader":"n2","term":7}}
)");
  EXPECT_EQ(result.validity, checker::Validity::invalid);
  EXPECT_EQ(result.message,
            "healed at 12.0 s, the system did not answer within 10s: k1 (last answered at 1.5 s), "
            "k2 (never answered); n2 led term 7");
}

TEST_F(JudgeTest, where_every_answer_is_a_refusal_nothing_is_said_of_the_recovery) {
  const auto result = recovery(
      R"({"index":0,"time":1000000000,"process":0,"type":"invoke","f":"read","key":"k1","value":null}
{"index":1,"time":1500000000,"process":0,"type":"fail","f":"read","key":"k1","value":null,"error":"error 10"}
{"index":2,"time":22000000000,"process":"nemesis","type":"info","f":"recovery","value":{"recovered":false,"took_ms":10000}}
)");
  EXPECT_EQ(result.validity, checker::Validity::unknown);
  EXPECT_EQ(result.message, "every operation was refused, before and after the faults");
}

TEST_F(JudgeTest, no_recovery_while_sunder_itself_did_not_run_proves_nothing) {
  const auto result = recovery(
      R"({"index":0,"time":15000000000,"process":"nemesis","type":"info","f":"stall-report","value":{"took_ms":2500}}
{"index":1,"time":22000000000,"process":"nemesis","type":"info","f":"recovery","value":{"recovered":false,"took_ms":10000}}
)");
  EXPECT_EQ(result.validity, checker::Validity::unknown);
  EXPECT_EQ(result.message,
            "not every key was answered; sunder or a node got no processor for a part of the time");
}

TEST_F(JudgeTest, voters_that_could_not_be_restored_are_told_with_the_reason) {
  const auto result = recovery(
      R"({"index":0,"time":22000000000,"process":"nemesis","type":"info","f":"recovery","value":{"recovered":false,"took_ms":10000,"because":"nobody took the order"}}
)");
  EXPECT_EQ(result.validity, checker::Validity::invalid);
  EXPECT_EQ(result.message, "within 10s: nobody took the order; no node led");
}

TEST_F(JudgeTest, a_run_is_judged_with_the_parameters_of_its_plan) {
  const auto store = results::RunStore::create(folder, "test", 1, {});
  results::write_whole_file(store.history_path(),
                            R"({"process":0,"type":"invoke","f":"read","key":"k1","value":null}
{"process":0,"type":"ok","f":"read","key":"k1","value":0}
)");
  const auto validity = [&](const Plan& plan) {
    store.write_plan(to_json(plan).dump());
    return judge_run(store, {}).verdict.checks.at(0).validity;
  };
  Plan plan;
  EXPECT_EQ(validity(plan), checker::Validity::invalid);
  plan.model_parameters = {{"initial", "0"}};
  EXPECT_NE(validity(plan), checker::Validity::invalid);
}

}  // namespace
}  // namespace sunder::harness
