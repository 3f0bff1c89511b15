#include "harness/judge/switch_evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/temporary_folder.h"

namespace sunder::harness {
namespace {

using checker::Validity;
using testing::HasSubstr;

Plan plan_with(std::vector<std::string> nemeses) {
  Plan plan;
  plan.nemeses = std::move(nemeses);
  plan.network = "switch";
  plan.nodes = 2;
  return plan;
}

TEST(SwitchEvidence, what_crossed_the_switch_is_said) {
  const TemporaryFolder run;
  const auto plan = plan_with({"partition:one"});
  write_switch_report(
      run.path(), plan,
      {{{"n1", "n2", 10, 1000, 3}, {"n2", "n1", 5, 500, 1}, {"clients", "n1", 7, 70, 0}}, {}});
  const auto check = check_switch(run.path(), plan);
  EXPECT_EQ(check.validity, Validity::valid);
  EXPECT_EQ(check.message,
            "the switch carried 15 frames between nodes and 7 of clients, and dropped 4");
}

TEST(SwitchEvidence, faults_of_links_without_messages_prove_nothing) {
  const TemporaryFolder run;
  const SwitchReport report{{{"n1", "n2", 0, 0, 0}, {"clients", "n1", 7, 70, 0}}, {}};
  write_switch_report(run.path(), plan_with({}), report);
  EXPECT_EQ(check_switch(run.path(), plan_with({"partition:one", "kill"})).validity,
            Validity::unknown);
  EXPECT_EQ(check_switch(run.path(), plan_with({"kill"})).validity, Validity::valid);
}

TEST(SwitchEvidence, a_network_that_ended_or_left_no_report_proves_nothing) {
  const TemporaryFolder run;
  const auto plan = plan_with({"kill"});
  const auto without = check_switch(run.path(), plan);
  EXPECT_EQ(without.validity, Validity::unknown);
  EXPECT_THAT(without.message, HasSubstr("network.json"));
  write_switch_report(run.path(), plan, {{{"n1", "n2", 1, 1, 0}}, {"n2"}});
  EXPECT_EQ(check_switch(run.path(), plan).validity, Validity::unknown);
}

}  // namespace
}  // namespace sunder::harness
