#include "harness/judge/availability.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/api/nodes_test.h"

namespace sunder::harness {
namespace {

using namespace std::chrono_literals;
using checker::Validity;
using history::RunRecord;
using history::Time;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// With the parameters that a fault of the kind must have.
history::FaultDescription described(std::string nemesis, std::int64_t id, std::string kind,
                                    std::vector<std::string> targets) {
  history::Object parameters;
  if (kind == "membership") parameters = {{"change", "remove"}};
  if (kind == "duplicate") {
    parameters = {{"probability", 0.5}, {"direction", "both"}, {"delay", "1ms"}};
  }
  return {std::move(nemesis), id, std::move(kind), "", std::move(parameters), std::move(targets)};
}

RunRecord fault(Time time, std::string nemesis, std::int64_t id, std::string kind,
                std::vector<std::string> targets, std::vector<std::string> links = {}) {
  return {time, history::FaultInjected{
                    described(std::move(nemesis), id, std::move(kind), std::move(targets)),
                    {},
                    std::move(links),
                    {},
                    {}}};
}

RunRecord skipped(Time time, std::int64_t id, const std::string& kind,
                  std::vector<std::string> targets) {
  return {time,
          history::FaultSkipped{described(kind, id, kind, std::move(targets)), {}, {}, "down"}};
}

RunRecord heal(Time time, std::string nemesis, std::int64_t id) {
  return {time, history::FaultHealed{described(std::move(nemesis), id, "", {})}};
}

RunRecord stall(Time time, std::chrono::milliseconds took) {
  return {time, history::StallReport{took}};
}

std::vector<UndisturbedMajority> majorities(const std::vector<RunRecord>& faults,
                                            Time shortest = 1s) {
  return undisturbed_majorities(faults, 3, 10s, shortest);
}

/// With operations that returned at `times`, one that was invoked at `unanswered` and one at 10 s.
checker::CheckResult availability(const std::vector<Time>& times,
                                  const std::vector<RunRecord>& faults, Time bound,
                                  Time unanswered = 10s) {
  std::vector<history::Operation> operations;
  for (const auto time : times) {
    history::Operation operation;
    operation.outcome = history::Outcome::ok;
    operation.invoked_at = time - 1ms;
    operation.returned_at = time;
    operations.push_back(operation);
  }
  for (const auto time : {unanswered, Time{10s}}) {
    history::Operation open;
    open.outcome = history::Outcome::info;
    open.invoked_at = time;
    operations.push_back(open);
  }
  return check_availability(operations, faults, 3, bound, 1);
}

TEST(Availability, a_majority_is_undisturbed_while_no_fault_touches_its_nodes) {
  EXPECT_THAT(majorities({fault(2s, "kill", 1, "kill", {"n2"}), heal(6s, "kill", 1)}),
              testing::UnorderedElementsAre(
                  UndisturbedMajority{{n1, n2}, 0s, 2s}, UndisturbedMajority{{n1, n3}, 0s, 10s},
                  UndisturbedMajority{{n2, n3}, 0s, 2s}, UndisturbedMajority{{n1, n2}, 6s, 10s},
                  UndisturbedMajority{{n2, n3}, 6s, 10s}));
}

TEST(Availability, a_link_that_is_broken_one_way_disturbs_both_ends_together) {
  EXPECT_THAT(
      majorities({fault(0s, "partition", 1, "partition", {"n1"}, {"n1->n3"})}),
      ElementsAre(UndisturbedMajority{{n1, n2}, 0s, 10s}, UndisturbedMajority{{n2, n3}, 0s, 10s}));
}

TEST(Availability, faults_overlap_and_an_ambush_is_known_by_what_it_does) {
  EXPECT_THAT(majorities({fault(0s, "ambush", 1, "pause", {"n1"}),
                          fault(1s, "kill", 2, "kill", {"n1", "n2"}), heal(5s, "ambush", 1)},
                         2s),
              IsEmpty());
}

TEST(Availability, a_fault_that_was_skipped_or_delays_nothing_disturbs_no_node) {
  EXPECT_EQ(
      majorities({skipped(1s, 1, "kill", {"n1"}), fault(1s, "transfer", 2, "transfer", {"n2"}),
                  fault(1s, "duplicate", 3, "duplicate", {"n1"}, {"n1->n2"})})
          .size(),
      3U);
}

TEST(Availability, a_node_that_ended_by_itself_is_disturbed_for_ever) {
  const RunRecord crash{5s, history::Crash{"n1", "signal 6"}};
  EXPECT_THAT(majorities({crash}, 6s), ElementsAre(UndisturbedMajority{{n2, n3}, 0s, 10s}));
}

TEST(Availability, all_nodes_are_disturbed_while_sunder_itself_did_not_run) {
  EXPECT_THAT(majorities({fault(2s, "kill", 1, "kill", {"n1"}), stall(8s, 5s)}),
              testing::UnorderedElementsAre(
                  UndisturbedMajority{{n1, n2}, 0s, 2s}, UndisturbedMajority{{n1, n3}, 0s, 2s},
                  UndisturbedMajority{{n2, n3}, 0s, 3s}, UndisturbedMajority{{n2, n3}, 8s, 10s}));
}

TEST(Availability, there_are_no_majorities_to_judge_by_while_voters_change) {
  for (const char* nemesis : {"membership", "ambush"}) {
    EXPECT_THAT(majorities({fault(8s, nemesis, 1, "membership", {"n1"})}), IsEmpty());
  }
  EXPECT_THAT(majorities({skipped(8s, 1, "membership", {"n1"})}), IsEmpty());
}

TEST(Availability, silence_with_an_undisturbed_majority_is_invalid) {
  const auto result =
      availability({1s, 2s, 7s, 9s}, {fault(2s, "kill", 1, "kill", {"n1"})}, 4s, 2500ms);
  EXPECT_EQ(result.validity, checker::Validity::invalid);
  EXPECT_EQ(result.message,
            "no operation was answered from 2.5 s to 7.0 s, though n2, n3 were up and connected");
}

/// Client `process` asks for `key`, and is answered or times out.
history::Operation asked(int process, std::string_view key, Time invoked, Time ended,
                         bool answered) {
  history::Operation operation;
  operation.process = history::ProcessId{process};
  operation.f = "read";
  operation.key = key;
  operation.outcome = answered ? history::Outcome::ok : history::Outcome::info;
  operation.invoked_at = invoked;
  operation.returned_at = ended;
  return operation;
}

/// Two clients of two keys for ten seconds, an operation a tenth of a second; from 3 s to 8 s those
/// that `is_silent` names time out.
std::vector<history::Operation> two_clients(
    const std::function<bool(int client, const std::string& key)>& is_silent) {
  std::vector<history::Operation> operations;
  int generation = 0;
  for (Time time = 100ms; time < 10s; time += 100ms) {
    ++generation;
    for (int client = 0; client < 2; ++client) {
      const std::string key = (generation + client) % 2 == 0 ? "a" : "b";
      const bool is_lost = time >= 3s && time < 8s && is_silent(client, key);
      operations.push_back(
          asked(2 * generation + client, key, time, time + (is_lost ? 99ms : 1ms), !is_lost));
    }
  }
  return operations;
}

TEST(Availability, one_client_that_nobody_answers_is_enough) {
  const auto operations = two_clients([](int client, const auto&) { return client == 1; });
  const auto result = check_availability(operations, {}, 3, 4s, 2);
  EXPECT_EQ(result.validity, Validity::invalid);
  EXPECT_EQ(result.message,
            "no operation of worker 1 was answered from 3.0 s to 8.0 s, though n1, n2 were up and "
            "connected");
}

TEST(Availability, one_key_that_nobody_answers_is_enough) {
  auto operations = two_clients([](int, const auto& key) { return key == "b"; });
  EXPECT_THAT(check_availability(operations, {}, 3, 4s, 2).message,
              HasSubstr("no operation of key \"b\" was answered from 3.0 s to 8.0 s"));
  EXPECT_EQ(check_availability(operations, {}, 3, 6s, 2).validity, Validity::valid);
}

TEST(Availability, a_client_of_a_disturbed_node_may_wait) {
  const auto operations = two_clients([](int client, const auto&) { return client == 1; });
  const std::vector<RunRecord> faults = {fault(2s, "pause", 1, "pause", {"n2"}),
                                         heal(9s, "pause", 1)};
  EXPECT_EQ(check_availability(operations, faults, 3, 4s, 2).validity, Validity::valid);
}

TEST(Availability, a_key_that_is_rarely_asked_for_does_not_wait) {
  auto operations = two_clients([](int, const auto&) { return false; });
  operations.push_back(asked(1'000, "c", 2s, 2'500ms, false));
  operations.push_back(asked(1'002, "c", 7s, 7'001ms, true));
  EXPECT_EQ(check_availability(operations, {}, 3, 4s, 2).validity, Validity::valid);
}

TEST(Availability, without_invocations_there_is_no_silence) {
  EXPECT_EQ(availability({1s, 9s}, {}, 4s).validity, checker::Validity::valid);
}

TEST(Availability, silence_counts_until_the_last_invocation) {
  EXPECT_EQ(availability({1s, 2s}, {}, 4s, 3s).validity, checker::Validity::invalid);
}

TEST(Availability, silence_without_an_undisturbed_majority_is_valid) {
  const auto result =
      availability({1s, 2s, 8s, 9s},
                   {fault(2s, "kill", 1, "kill", {"n1", "n2"}), heal(6s, "kill", 1)}, 4s, 2500ms);
  EXPECT_EQ(result.validity, checker::Validity::valid) << result.message;
}

TEST(Availability, the_message_has_the_longest_time_without_an_answer) {
  EXPECT_THAT(availability({1s, 3s}, {}, 4s, 2500ms).message,
              HasSubstr("it answered within 500 ms"));
  EXPECT_THAT(availability({9s}, {}, 4s).message, HasSubstr("it answered within 0 ms"));
  EXPECT_THAT(availability({9s}, {}, 11s).message,
              HasSubstr("no majority was undisturbed for 11.0 s"));
}

/// An order to transfer leadership to n2, with how often the system accepted it.
history::RunRecord transfer(Time time, bool is_given_up, std::int64_t taken,
                            std::chrono::milliseconds took) {
  const auto fault = described("transfer", 1, "transfer", {"n2"});
  const history::Order order{taken, took};
  if (is_given_up) return {time, history::FaultSkipped{fault, {}, order, "refused"}};
  return {time, history::FaultInjected{fault, {}, {}, order, {}}};
}

Validity transfers(const std::vector<RunRecord>& faults) {
  return check_transfers(faults, 3, 4s).validity;
}

TEST(LeadershipTransfer, an_undisturbed_cluster_hands_over_in_time) {
  const auto late = check_transfers(std::vector{transfer(9s, false, 20, 5s)}, 3, 4s);
  EXPECT_EQ(late.validity, Validity::invalid);
  EXPECT_EQ(
      late.message,
      "sunder ordered leadership transfers to n2 from 4.0 s on; no fault disturbed the nodes, they "
      "accepted the order 20 times, and did not carry it out before 9.0 s");
  EXPECT_EQ(transfers({transfer(9s, true, 20, 5s)}), Validity::invalid);
  EXPECT_EQ(transfers({transfer(9s, false, 20, 3s)}), Validity::valid);
}

TEST(LeadershipTransfer,
     an_order_that_no_leader_accepted_or_a_fault_delayed_is_not_held_against_the_system) {
  EXPECT_EQ(transfers({transfer(9s, true, 0, 5s)}), Validity::valid);
  const auto killed = fault(5s, "kill", 2, "kill", {"n3"});
  EXPECT_EQ(transfers({killed, heal(6s, "kill", 2), transfer(9s, false, 20, 5s)}), Validity::valid);
  EXPECT_EQ(transfers({killed, heal(6s, "kill", 2), transfer(12s, false, 20, 5s)}),
            Validity::invalid);
  EXPECT_EQ(transfers({stall(6s, 1s), transfer(9s, false, 20, 5s)}), Validity::valid);
  EXPECT_EQ(
      transfers({fault(1s, "membership", 2, "membership", {"n3"}), transfer(9s, false, 20, 5s)}),
      Validity::valid);
}

}  // namespace
}  // namespace sunder::harness
