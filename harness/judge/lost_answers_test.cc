#include "harness/judge/lost_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sunder::harness {
namespace {

using namespace std::chrono_literals;
using checker::Validity;
using history::Operation;
using history::RunRecord;
using history::Time;

constexpr Clients four_on_two{4, 2};

Operation answered(int process, Time invoked, Time returned) {
  Operation operation;
  operation.process = history::ProcessId{process};
  operation.f = "read";
  operation.key = "k1";
  operation.outcome = history::Outcome::ok;
  operation.invoked_at = invoked;
  operation.returned_at = returned;
  return operation;
}

/// Four clients, of which 0 and 2 ask node n1 first. One waits from 5 s on; the others ask every
/// 20 ms, except in the gap.
std::vector<Operation> with_wait_of(int client, Time wait, Time gap_from = 0s,
                                    Time gap_until = 0s) {
  std::vector<Operation> operations;
  for (Time time = 1s; time < 10s; time += 20ms) {
    for (int each = 0; each < four_on_two.concurrency; ++each) {
      const bool waits = each == client && time > 5s && time < 5s + wait;
      if (waits || (time >= gap_from && time < gap_until)) continue;
      operations.push_back(
          answered(each, time, each == client && time == 5s ? time + wait : time + 2ms));
    }
  }
  return operations;
}

checker::CheckResult check(const std::vector<Operation>& operations,
                           const std::vector<RunRecord>& records = {}) {
  return check_answers(operations, records, four_on_two, 300ms);
}

TEST(LostAnswers, a_client_that_waits_while_its_neighbour_is_answered_has_lost_an_answer) {
  const auto result = check(with_wait_of(2, 340ms));
  EXPECT_EQ(result.validity, Validity::invalid);
  EXPECT_EQ(result.message,
            "client 2 waited 340 ms for its read of key \"k1\" at 5.000 s, though no fault was "
            "active and 17 operations of other clients of its node were answered meanwhile: an "
            "answer was lost");
}

TEST(LostAnswers, a_short_wait_is_none) {
  EXPECT_EQ(check(with_wait_of(2, 290ms)).validity, Validity::valid);
}

TEST(LostAnswers, an_election_or_a_busy_machine_keeps_all_waiting) {
  EXPECT_EQ(check(with_wait_of(2, 500ms, 5'060ms, 5'210ms)).validity, Validity::valid);
}

TEST(LostAnswers, without_another_client_of_the_node_nothing_is_judged) {
  auto operations = with_wait_of(2, 340ms);
  std::erase_if(operations,
                [](const Operation& each) { return each.process == history::ProcessId{0}; });
  EXPECT_EQ(check(operations).validity, Validity::valid);
}

TEST(LostAnswers, a_fault_or_a_change_shortly_before_explains_the_wait) {
  const history::FaultDescription killed{"kill", 1, "kill", "", {}, {"n2"}};
  const RunRecord injected{4s, history::FaultInjected{killed, {}, {}, {}, {}}};
  EXPECT_EQ(check(with_wait_of(2, 340ms), {injected}).validity, Validity::valid);
  const RunRecord healed{4'800ms, history::FaultHealed{killed}};
  EXPECT_EQ(check(with_wait_of(2, 340ms), {injected, healed}).validity, Validity::valid);
  const RunRecord early{4'500ms, history::FaultHealed{killed}};
  EXPECT_EQ(check(with_wait_of(2, 340ms), {injected, early}).validity, Validity::invalid);
  const RunRecord stall{5'200ms, history::StallReport{600ms}};
  EXPECT_EQ(check(with_wait_of(2, 340ms), {stall}).validity, Validity::valid);
}

}  // namespace
}  // namespace sunder::harness
