#include "checker/raft/asked_roles.h"

#include <string>

#include <gtest/gtest.h>

#include "checker/history/input_error.h"
#include "testing/temporary_file.h"

namespace sunder::checker::raft {
namespace {

std::string line(std::int64_t time, const std::string& node, const std::string& role, int term) {
  return "{\"time\":" + std::to_string(time) + ",\"node\":\"" + node + "\",\"role\":\"" + role +
         "\",\"term\":" + std::to_string(term) + "}\n";
}

CheckResult check(const std::string& text) {
  const TemporaryFile file(text);
  return check_asked_roles(file.path());
}

TEST(AskedRoles, a_leader_may_lead_many_terms_and_say_so_often) {
  const auto result =
      check(line(1, "n1", "leader", 2) + line(2, "n2", "follower", 2) + line(3, "n1", "leader", 2) +
            line(4, "n2", "leader", 3) + line(5, "n1", "leader", 4));
  EXPECT_EQ(result.validity, Validity::valid) << result.message;
}

TEST(AskedRoles, two_leaders_of_one_term_are_proof) {
  const auto result =
      check(line(1, "n1", "leader", 2) + line(2, "n1", "leader", 3) + line(9, "n3", "leader", 2));
  EXPECT_EQ(result.validity, Validity::invalid);
  EXPECT_EQ(result.message, "n1 and n3 both reported that they lead term 2");
  ASSERT_EQ(result.evidence.size(), 2U);
  EXPECT_EQ(result.evidence[1].time, history::Time{9});
}

TEST(AskedRoles, nobody_who_leads_proves_nothing) {
  EXPECT_EQ(check(line(1, "n1", "follower", 2)).validity, Validity::unknown);
  EXPECT_EQ(check("").validity, Validity::unknown);
}

TEST(AskedRoles, a_line_without_a_role_is_refused_and_one_that_was_cut_off_is_not) {
  EXPECT_THROW(check("{\"time\":1}\n"), history::InputError);
  EXPECT_EQ(check(line(1, "n1", "leader", 2) + "{\"time\":7,\"no").validity, Validity::valid);
}

}  // namespace
}  // namespace sunder::checker::raft
