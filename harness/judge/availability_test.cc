#include "harness/judge/availability.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sunder::harness {
namespace {

using namespace std::chrono_literals;
using checker::Validity;
using history::Event;
using history::Time;
using history::Value;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Event fault(Time time, std::string f, std::int64_t id, std::string kind,
            const std::vector<std::string>& targets, const std::vector<std::string>& links = {}) {
  const auto list = [](const std::vector<std::string>& texts) {
    history::List values;
    for (const auto& text : texts) values.emplace_back(text);
    return values;
  };
  Event event;
  event.time = time;
  event.process = history::ProcessId::nemesis;
  event.f = std::move(f);
  history::Object value{{"id", id}, {"kind", std::move(kind)}, {"targets", list(targets)}};
  if (!links.empty()) value.emplace_back("links", list(links));
  event.value = std::move(value);
  return event;
}

Event heal(Time time, const std::string& kind, std::int64_t id) {
  return fault(time, "heal-" + kind, id, kind, {});
}

std::vector<UndisturbedMajority> majorities(const std::vector<Event>& faults, Time shortest = 1s) {
  return undisturbed_majorities(faults, 3, 10s, shortest);
}

/// One more is asked at `unanswered`, and the last one after 10 s.
history::History answered(const std::vector<Time>& times, std::vector<Event> faults,
                          Time unanswered = 10s) {
  history::History history;
  for (const auto time : times) {
    history::Operation operation;
    operation.outcome = history::Outcome::ok;
    operation.invoked_at = time - 1ms;
    operation.returned_at = time;
    history.operations.push_back(operation);
  }
  for (const auto time : {unanswered, Time{10s}}) {
    history::Operation open;
    open.outcome = history::Outcome::info;
    open.invoked_at = time;
    history.operations.push_back(open);
  }
  history.faults = std::move(faults);
  return history;
}

TEST(Availability, a_majority_is_undisturbed_while_no_fault_touches_its_nodes) {
  EXPECT_THAT(majorities({fault(2s, "kill", 1, "kill", {"n2"}), heal(6s, "kill", 1)}),
              testing::UnorderedElementsAre(
                  UndisturbedMajority{{1, 2}, 0s, 2s}, UndisturbedMajority{{1, 3}, 0s, 10s},
                  UndisturbedMajority{{2, 3}, 0s, 2s}, UndisturbedMajority{{1, 2}, 6s, 10s},
                  UndisturbedMajority{{2, 3}, 6s, 10s}));
}

TEST(Availability, a_link_that_is_broken_one_way_disturbs_both_ends_together) {
  EXPECT_THAT(
      majorities({fault(0s, "partition", 1, "partition", {"n1"}, {"n1->n3"})}),
      ElementsAre(UndisturbedMajority{{1, 2}, 0s, 10s}, UndisturbedMajority{{2, 3}, 0s, 10s}));
}

TEST(Availability, faults_overlap_and_an_ambush_is_known_by_what_it_does) {
  EXPECT_THAT(majorities({fault(0s, "ambush", 1, "pause", {"n1"}),
                          fault(1s, "kill", 2, "kill", {"n1", "n2"}), heal(5s, "ambush", 1)},
                         2s),
              IsEmpty());
}

TEST(Availability, what_was_skipped_or_delays_nothing_disturbs_nobody) {
  EXPECT_EQ(majorities({fault(1s, "skip-kill", 1, "kill", {"n1"}),
                        fault(1s, "transfer", 2, "transfer", {"n2"}),
                        fault(1s, "duplicate", 3, "duplicate", {"n1"}, {"n1->n2"})})
                .size(),
            3U);
}

TEST(Availability, a_node_that_ended_by_itself_is_disturbed_for_ever) {
  Event crash;
  crash.f = "crash";
  crash.time = 5s;
  crash.value = history::Object{{"node", "n1"}};
  EXPECT_THAT(majorities({crash}, 6s), ElementsAre(UndisturbedMajority{{2, 3}, 0s, 10s}));
}

TEST(Availability, everybody_is_disturbed_while_sunder_itself_stood_still) {
  Event stall;
  stall.f = "stall-report";
  stall.time = 8s;
  stall.value = history::Object{{"took_ms", 5000}};
  EXPECT_THAT(majorities({fault(2s, "kill", 1, "kill", {"n1"}), stall}),
              testing::UnorderedElementsAre(
                  UndisturbedMajority{{1, 2}, 0s, 2s}, UndisturbedMajority{{1, 3}, 0s, 2s},
                  UndisturbedMajority{{2, 3}, 0s, 3s}, UndisturbedMajority{{2, 3}, 8s, 10s}));
}

TEST(Availability, nobody_knows_what_a_majority_is_while_voters_change) {
  for (const char* f : {"membership", "ambush", "skip-membership"}) {
    EXPECT_THAT(majorities({fault(8s, f, 1, "membership", {"n1"})}), IsEmpty());
  }
}

TEST(Availability, silence_with_an_undisturbed_majority_is_invalid) {
  const auto result = check_availability(
      answered({1s, 2s, 7s, 9s}, {fault(2s, "kill", 1, "kill", {"n1"})}, 2500ms), 3, 4s);
  EXPECT_EQ(result.validity, checker::Validity::invalid);
  EXPECT_EQ(result.message,
            "no operation was answered from 2.5 s to 7.0 s, though n2, n3 were up and connected");
}

TEST(Availability, who_is_not_asked_need_not_answer) {
  EXPECT_EQ(check_availability(answered({1s, 9s}, {}), 3, 4s).validity, checker::Validity::valid);
}

TEST(Availability, silence_counts_until_the_last_question) {
  EXPECT_EQ(check_availability(answered({1s, 2s}, {}, 3s), 3, 4s).validity,
            checker::Validity::invalid);
}

TEST(Availability, silence_without_a_majority_is_nobodys_fault) {
  const auto result = check_availability(
      answered({1s, 2s, 8s, 9s}, {fault(2s, "kill", 1, "kill", {"n1", "n2"}), heal(6s, "kill", 1)},
               2500ms),
      3, 4s);
  EXPECT_EQ(result.validity, checker::Validity::valid) << result.message;
}

TEST(Availability, how_long_an_answer_took_at_most_is_said) {
  EXPECT_THAT(check_availability(answered({1s, 3s}, {}, 2500ms), 3, 4s).message,
              HasSubstr("500 ms without an answer"));
  EXPECT_THAT(check_availability(answered({9s}, {}), 3, 4s).message,
              HasSubstr("0 ms without an answer"));
  EXPECT_THAT(check_availability(answered({9s}, {}), 3, 11s).message,
              HasSubstr("no majority was undisturbed for 11.0 s"));
}

/// An order to hand leadership to n2, taken so many times until it was carried out or given up.
Event transfer(Time time, const std::string& f, std::int64_t taken, Time took) {
  auto event = fault(time, f, 1, "transfer", {"n2"});
  auto& members = std::get<history::Object>(event.value.data);
  members.emplace_back("taken", taken);
  members.emplace_back("took_ms", std::int64_t{took / 1ms});
  return event;
}

Validity transfers(const std::vector<Event>& faults) {
  return check_transfers(faults, 3, 4s).validity;
}

TEST(LeadershipTransfer, an_undisturbed_cluster_hands_over_in_time) {
  const auto late = check_transfers(std::vector{transfer(9s, "transfer", 20, 5s)}, 3, 4s);
  EXPECT_EQ(late.validity, Validity::invalid);
  EXPECT_EQ(
      late.message,
      "leadership was to be handed to n2 from 4.0 s on; nothing disturbed the nodes, they took "
      "the order 20 times, and it was not carried out before 9.0 s");
  EXPECT_EQ(transfers({transfer(9s, "skip-transfer", 20, 5s)}), Validity::invalid);
  EXPECT_EQ(transfers({transfer(9s, "transfer", 20, 3s)}), Validity::valid);
}

TEST(LeadershipTransfer, what_no_leader_took_or_a_fault_held_up_is_nobodys_fault) {
  EXPECT_EQ(transfers({transfer(9s, "skip-transfer", 0, 5s)}), Validity::valid);
  const auto killed = fault(5s, "kill", 2, "kill", {"n3"});
  EXPECT_EQ(transfers({killed, heal(6s, "kill", 2), transfer(9s, "transfer", 20, 5s)}),
            Validity::valid);
  EXPECT_EQ(transfers({killed, heal(6s, "kill", 2), transfer(12s, "transfer", 20, 5s)}),
            Validity::invalid);
  Event stall;
  stall.f = "stall-report";
  stall.time = 6s;
  stall.value = history::Object{{"took_ms", 1000}};
  EXPECT_EQ(transfers({stall, transfer(9s, "transfer", 20, 5s)}), Validity::valid);
  EXPECT_EQ(transfers({fault(1s, "membership", 2, "membership", {"n3"}),
                       transfer(9s, "transfer", 20, 5s)}),
            Validity::valid);
}

}  // namespace
}  // namespace sunder::harness
