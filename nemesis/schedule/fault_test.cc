#include "nemesis/schedule/fault.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "nemesis/kinds/clock.h"
#include "nemesis/kinds/cut.h"
#include "nemesis/kinds/kill.h"
#include "nemesis/kinds/membership.h"
#include "nemesis/kinds/message.h"
#include "nemesis/kinds/partition.h"
#include "nemesis/kinds/pause.h"
#include "nemesis/kinds/reset.h"
#include "nemesis/kinds/restart_storm.h"
#include "nemesis/kinds/slow_start.h"
#include "nemesis/kinds/transfer.h"
#include "node/api/nodes_test.h"

namespace sunder::nemesis {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

json partition_json() {
  return json::parse(R"({"id":3,"kind":"partition","shape":"bridge","target":["n4"],
                         "at":"1250ms","duration":"2s","pick":71})");
}

MessageFault drop_votes() {
  MessageFault fault;
  fault.effect = MessageEffect::drop;
  fault.probability = 0.25;
  fault.types = {FrameType::request_vote, FrameType::vote_reply};
  fault.direction = Direction::out;
  return fault;
}

std::string refusal_of_fault(const json& fault) {
  try {
    fault_from_json(fault, "faults[0]");
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Fault, is_read_from_json) {
  const Fault fault = fault_from_json(partition_json(), "faults[0]");
  EXPECT_EQ(fault, (Fault{.id = 3,
                          .action = Partition{PartitionShape::bridge},
                          .target = {TargetRule::nodes, {n4}},
                          .at = 1250ms,
                          .duration = 2s,
                          .pick = 71}));
}

TEST(Fault, is_written_as_it_is_read) {
  for (const Fault& fault :
       {Fault{1, Kill{}, {TargetRule::leader, {}}, 5ms, 1s, 7},
        Fault{2, Pause{}, {TargetRule::nodes, {n1, n3}}, 5us, 1s, 8},
        Fault{3, Partition{PartitionShape::one_way}, {}, 0s, 1s, 9},
        Fault{13, Transfer{}, {TargetRule::follower, {}}, 0s, 1s, 9},
        Fault{14, Membership{MembershipChange::replace}, {}, 0s, 1s, 9},
        Fault{4, RestartStorm{5ms, 20ms}, {}, 0s, 1s, 9}, Fault{5, SlowStart{}, {}, 0s, 1s, 9},
        Fault{6, Cut{Direction::in}, {}, 0s, 1s, 9},
        Fault{7, Reset{70ms, Direction::out}, {}, 0s, 1s, 9},
        Fault{15, ClockFault{{1.25, 70ms}}, {}, 0s, 1s, 9},
        Fault{16, ClockFault{{0.5, -70ms}}, {}, 0s, 1s, 9},
        Fault{8, drop_votes(), {}, 0s, 1s, 9}}) {
    const std::string text = to_json(fault).dump();
    EXPECT_EQ(fault_from_json(json::parse(text), ""), fault) << text;
  }
}

TEST(Fault, a_mistake_is_named_with_its_place_and_what_is_allowed) {
  struct Row {
    const char* member;
    json value;
    std::string place;
    std::string allowed;
  };
  const Row rows[] = {
      {"kind", "explode", "faults[0].kind: must be one of kill", "not \"explode\""},
      {"kind", 7, "faults[0].kind", "kill, pause, partition"},
      {"shape", "moon", "faults[0].shape", "one, halves, majorities-ring, bridge, one-way"},
      {"target", "n1", "faults[0].target", "a list of nodes"},
      {"target", json::array(), "faults[0].target", "one, leader, follower"},
      {"target", {"n0"}, "faults[0].target", "a list of nodes"},
      {"target", {3}, "faults[0].target", "a list of nodes"},
      {"at", "soon", "faults[0].at", "a duration"},
      {"at", 5, "faults[0].at", "a duration"},
      {"duration", "-1s", "faults[0].duration", "a duration"},
      {"id", 0, "faults[0].id", "a whole number from 1"},
      {"pick", -1, "faults[0].pick", "a whole number from 0"},
      {"pick", 1.5, "faults[0].pick", "a whole number from 0"},
      {"pick", 18446744073709551615u, "faults[0].pick", "a whole number from 0"},
      {"colour", "red", "faults[0]: \"colour\" is not known", "shape"},
  };
  for (const Row& row : rows) {
    json fault = partition_json();
    fault[row.member] = row.value;
    EXPECT_THAT(refusal_of_fault(fault), AllOf(StartsWith(row.place), HasSubstr(row.allowed)))
        << fault.dump();
  }
}

TEST(Fault, a_missing_member_is_named) {
  for (const char* member : {"id", "kind", "shape", "target", "at", "duration", "pick"}) {
    json fault = partition_json();
    fault.erase(member);
    EXPECT_THAT(refusal_of_fault(fault),
                StartsWith("faults[0]: \"" + std::string(member) + "\" is missing"));
  }
}

TEST(Fault, a_message_fault_names_what_its_parameters_may_be) {
  const json fault = json::parse(to_json(Fault{8, drop_votes(), {}, 0s, 1s, 9}).dump());
  struct Row {
    const char* member;
    json value;
    std::string allowed;
  };
  const Row rows[] = {{"probability", 1.5, "a number from 0 to 1"},
                      {"probability", "much", "a number from 0 to 1"},
                      {"types", {"heartbeat"}, "a list of request_vote, vote_reply"},
                      {"types", "hello", "a list of request_vote, vote_reply"},
                      {"direction", "up", "one of out, in, both"}};
  for (const Row& row : rows) {
    json wrong = fault;
    wrong[row.member] = row.value;
    EXPECT_THAT(refusal_of_fault(wrong),
                AllOf(StartsWith("faults[0]." + std::string(row.member)), HasSubstr(row.allowed)));
  }
}

TEST(Fault, a_trigger_is_read_and_written) {
  const json fault = json::parse(R"({"id":3,"kind":"kill","target":"event-node","at":"0s",
      "duration":"2s","pick":71,"ambush":"figure-8",
      "trigger":{"event":"appended","first_in_term":true,"count":2,"within":"4s"}})");
  const Fault read = fault_from_json(fault, "faults[0]");
  EXPECT_EQ(read.trigger, (Trigger{NodeEvent::appended, true, 2, 4s}));
  EXPECT_EQ(json::parse(to_json(read).dump()), fault);
}

TEST(Fault, a_mistake_in_a_trigger_is_named_with_its_place) {
  json fault = partition_json();
  fault["trigger"] = {{"event", "boredom"}, {"within", "4s"}};
  EXPECT_THAT(refusal_of_fault(fault),
              AllOf(StartsWith("faults[0].trigger.event: must be one of started"),
                    HasSubstr("not \"boredom\"")));
  fault.erase("trigger");
  fault["target"] = "event-node";
  EXPECT_THAT(refusal_of_fault(fault),
              StartsWith("faults[0].target: must be a rule that needs no event"));
}

TEST(Fault, a_clock_that_no_node_takes_is_refused) {
  const json clock = json::parse(R"({"id":3,"kind":"clock","rate":1.5,"ahead":"1s","target":"one",
                                     "at":"0s","duration":"2s","pick":71})");
  struct Row {
    const char* member;
    json value;
    std::string allowed;
  };
  const Row rows[] = {{"rate", 0, "faults[0].rate: must be a number from 0.01 to 100"},
                      {"ahead", "2h", "faults[0].ahead"},
                      {"ahead", "3601s", "faults[0].ahead: must be an hour at most"},
                      {"behind", "1s", "faults[0].behind: must be absent"}};
  for (const Row& row : rows) {
    json wrong = clock;
    wrong[row.member] = row.value;
    EXPECT_THAT(refusal_of_fault(wrong), StartsWith(row.allowed));
  }
}

TEST(Fault, a_storm_that_never_rests_is_refused) {
  const auto storm = R"({"id":3,"kind":"restart-storm","down":"0s","up":"0s","target":"one",
                         "at":"0s","duration":"2s","pick":71})";
  EXPECT_THAT(refusal_of_fault(json::parse(storm)), HasSubstr("up: must be at least 1ms"));
}

TEST(Fault, a_parameter_of_another_kind_is_refused) {
  json fault = partition_json();
  fault["kind"] = "kill";
  EXPECT_THAT(refusal_of_fault(fault), HasSubstr("\"shape\" is not known here"));
}

}  // namespace
}  // namespace sunder::nemesis
