#include "nemesis/nemesis.h"

#include <algorithm>
#include <exception>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nemesis/kinds/kill.h"
#include "nemesis/kinds/message.h"
#include "nemesis/kinds/partition.h"
#include "nemesis/kinds/pause.h"
#include "nemesis/kinds/restart_storm.h"
#include "nemesis/kinds/slow_start.h"
#include "nemesis/nemesis_fixture_test.h"
#include "node/api/nodes_test.h"

namespace sunder::nemesis {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;
using namespace std::chrono_literals;

Fault fault(int id, const Action& action, Target target, Duration at, Duration duration) {
  return {id, action, std::move(target), at, duration, 7};
}

Target nodes(std::vector<NodeId> numbers) {
  return {TargetRule::nodes, std::move(numbers)};
}

using NemesisTest = NemesisFixture;

TEST_F(NemesisTest, every_injection_and_healing_is_recorded_as_an_event_of_the_nemesis) {
  play({fault(1, Kill{}, nodes({n2, n4}), 1ms, 2ms)});
  ASSERT_EQ(events.size(), 2u);
  for (const history::Event& event : events) {
    EXPECT_EQ(event.process, history::ProcessId::nemesis);
    EXPECT_EQ(event.type, history::EventType::info);
  }
  const history::List targets{"n2", "n4"};
  EXPECT_EQ(events[0].f, "kill");
  EXPECT_EQ(events[0].value, (history::Object{{"id", 1}, {"kind", "kill"}, {"targets", targets}}));
  EXPECT_EQ(events[1].f, "heal-kill");
  EXPECT_EQ(events[1].value, events[0].value);
  EXPECT_THAT(cluster.calls, ElementsAre("kill n2", "kill n4", "start n2", "start n4"));
}

TEST_F(NemesisTest, a_partition_names_the_links_it_blocks_and_opens_them_again) {
  std::vector<bool> blocked;
  on_event = [&](const history::Event&) { blocked.push_back(links.is_blocked({n2, n3})); };
  play({fault(1, Partition{PartitionShape::one}, nodes({n2}), 0ms, 1ms)});
  EXPECT_THAT(functions(), ElementsAre("partition", "heal-partition"));
  EXPECT_THAT(blocked, ElementsAre(true, false));
  EXPECT_EQ(*events[0].value.member("shape"), history::Value("one"));
  EXPECT_EQ(events[0].value.member("links")->list()->size(), 8u);
}

// A carrier of the kind that has a port for the clients, or not.
struct TestCarrier : LinkRules::Listener {
  Framing framing() const override { return Framing::packets; }
  bool carries_clients() const override { return has_clients; }
  void rules_changed(Link link) override { changed.insert(link); }
  void reset(Link) override {}
  bool has_clients = true;
  std::set<Link> changed;
};

TEST_F(NemesisTest, clients_are_cut_off_where_the_network_has_a_port_for_them) {
  TestCarrier carrier;
  links.listen(carrier);
  const Partition from_clients{PartitionShape::one, OtherEnd::clients};
  const MessageFault slow{
      .effect = MessageEffect::delay, .delay = 1ms, .other_end = OtherEnd::clients};
  play({fault(1, from_clients, nodes({n2}), 0ms, 1ms), fault(2, slow, nodes({n3}), 5ms, 1ms)});
  EXPECT_THAT(functions(), ElementsAre("partition", "heal-partition", "delay", "heal-delay"));
  EXPECT_EQ(*events[0].value.member("links"), (history::List{"clients->n2", "n2->clients"}));
  EXPECT_EQ(*events[0].value.member("other_end"), history::Value("clients"));
  EXPECT_TRUE(carrier.changed.contains({all_clients, n3}));
  links.stop_listening(carrier);
}

TEST_F(NemesisTest, faults_of_clients_are_skipped_with_a_reason_elsewhere) {
  TestCarrier carrier;
  carrier.has_clients = false;
  links.listen(carrier);
  const Partition from_clients{PartitionShape::one, OtherEnd::clients};
  play({fault(1, from_clients, nodes({n2}), 0ms, 1ms)});
  EXPECT_THAT(functions(), ElementsAre("skip-partition"));
  EXPECT_THAT(carrier.changed, IsEmpty());
  links.stop_listening(carrier);
}

TEST_F(NemesisTest, types_of_messages_are_unknown_where_links_carry_packets) {
  TestCarrier carrier;
  links.listen(carrier);
  play({fault(1, MessageFault{.types = {FrameType::request_vote}}, nodes({n2}), 0ms, 1ms),
        fault(2, MessageFault{}, nodes({n2}), 0ms, 1ms)});
  EXPECT_THAT(functions(), ElementsAre("skip-drop", "drop", "heal-drop"));
  links.stop_listening(carrier);
}

TEST_F(NemesisTest, overlapping_faults_do_not_undo_each_other) {
  play({fault(1, Kill{}, nodes({n1, n2}), 0ms, 20ms), fault(2, Kill{}, nodes({n2, n3}), 1ms, 40ms),
        fault(3, Pause{}, nodes({n2, n5}), 2ms, 5ms)});
  EXPECT_THAT(cluster.calls, ElementsAre("kill n1", "kill n2", "kill n3", "pause n5", "resume n5",
                                         "start n1", "start n2", "start n3"));
  EXPECT_THAT(nemesis.injected(), UnorderedElementsAre(Pair("kill", 2), Pair("pause", 1)));
}

TEST_F(NemesisTest, a_restart_storm_kills_and_starts_until_it_is_healed) {
  play({fault(1, RestartStorm{1ms, 1ms}, nodes({n2}), 0ms, 30ms)});
  ASSERT_GE(cluster.calls.size(), 6u);
  for (std::size_t i = 0; i < cluster.calls.size(); ++i) {
    EXPECT_EQ(cluster.calls[i], i % 2 == 0 ? "kill n2" : "start n2");
  }
  EXPECT_EQ(cluster.calls.size() % 2, 0u);
  EXPECT_THAT(functions(), ElementsAre("restart-storm", "heal-restart-storm"));
  EXPECT_EQ(*events[0].value.member("up"), history::Value("1ms"));
}

TEST_F(NemesisTest, a_slow_start_is_a_start_that_gets_nowhere_until_healed) {
  play({fault(1, SlowStart{}, nodes({n2}), 0ms, 4ms)});
  EXPECT_THAT(cluster.calls, ElementsAre("kill n2", "start n2", "pause n2", "resume n2"));
}

TEST_F(NemesisTest, a_message_fault_is_on_its_links_until_healed) {
  std::vector<bool> active;
  on_event = [&](const history::Event&) {
    active.push_back(links.state({n2, n3}).fates != nullptr);
  };
  MessageFault drop;
  drop.direction = Direction::out;
  play({fault(1, drop, nodes({n2}), 0ms, 1ms)});
  EXPECT_THAT(functions(), ElementsAre("drop", "heal-drop"));
  EXPECT_THAT(active, ElementsAre(true, false));
  EXPECT_EQ(events[0].value.member("links")->list()->size(), 4u);
}

TEST_F(NemesisTest, a_fault_whose_targets_are_all_down_waits_for_them) {
  on_event = [&](const history::Event& event) {
    if (event.f == "pause") nemesis.stop();
  };
  play({fault(1, Kill{}, nodes({n2}), 0ms, 100ms), fault(2, Pause{}, nodes({n2}), 1ms, 1h)});
  EXPECT_THAT(cluster.calls, ElementsAre("kill n2", "start n2", "pause n2"));
}

TEST_F(NemesisTest, a_fault_that_can_break_nothing_is_skipped_and_not_counted) {
  play({fault(1, Kill{}, nodes({n2}), 0ms, 80ms), fault(2, Pause{}, nodes({n2}), 1ms, 1ms),
        fault(3, Kill{}, nodes({n2}), 2ms, 1ms)});
  EXPECT_THAT(functions(), ElementsAre("kill", "skip-pause", "skip-kill", "heal-kill"));
  EXPECT_EQ(*events[1].value.member("because"),
            history::Value("every target is down or paused already"));
  EXPECT_THAT(nemesis.injected(), ElementsAre(Pair("kill", 1)));
  EXPECT_EQ(nemesis.played().faults.size(), 1u);
}

TEST_F(NemesisTest, a_fault_on_the_leader_waits_until_there_is_one) {
  on_event = [&](const history::Event& event) {
    if (event.f == "pause") cluster.leading = n4;
    if (event.f == "kill") nemesis.stop();
  };
  play({fault(1, Kill{}, {TargetRule::leader, {}}, 0ms, 1h),
        fault(2, Pause{}, nodes({n1}), 5ms, 1h)});
  EXPECT_THAT(cluster.calls, ElementsAre("pause n1", "kill n4"));
  EXPECT_EQ(events[1].value.member("note"), nullptr);
}

TEST_F(NemesisTest, without_a_leader_any_one_node_is_struck_and_the_event_says_so) {
  play({fault(1, Kill{}, {TargetRule::leader, {}}, 0ms, 15ms)});
  EXPECT_THAT(functions(), ElementsAre("kill", "heal-kill"));
  EXPECT_EQ(*events[0].value.member("note"),
            history::Value("no leader was known for 15ms: one node instead"));
  EXPECT_EQ(events[0].value.member("targets")->list()->size(), 1u);
}

struct TriggerTest : NemesisTest {
  Fault armed(NodeEvent event, bool first_in_term, Duration within) {
    Fault armed = fault(1, Kill{}, {TargetRule::event_node, {}}, 0ms, 1ms);
    armed.trigger = Trigger{event, first_in_term, 1, within};
    return armed;
  }

  // Plays a fault and, once it is armed, what happens at the nodes.
  void play_with(const Fault& first, const std::vector<Observation>& observations) {
    auto feed = [this, observations] {
      for (const Observation& observation : observations) nemesis.observe(observation);
    };
    // A second fault, later than the first, marks the moment.
    on_event = [this, feed](const history::Event& event) {
      if (event.f == "pause") boost::asio::post(io, feed);
    };
    play({first, fault(2, Pause{}, nodes({n5}), 1ms, 1ms)});
  }
};

TEST_F(TriggerTest, a_triggered_fault_strikes_the_node_of_the_event_at_once) {
  play_with(armed(NodeEvent::became_leader, false, 1h), {{n3, 7, NodeEvent::became_candidate, {}},
                                                         {n4, 7, NodeEvent::became_leader, {}},
                                                         {n2, 8, NodeEvent::became_leader, {}}});
  EXPECT_THAT(cluster.calls, IsSupersetOf({"kill n4", "start n4"}));
  EXPECT_THAT(cluster.calls, Not(Contains("kill n2")));
  EXPECT_THAT(nemesis.injected(), Contains(Pair("kill", 1)));
}

TEST_F(TriggerTest, the_first_in_a_term_is_not_one_of_a_term_known_before) {
  nemesis.observe({n1, 7, NodeEvent::appended, {}});
  play_with(armed(NodeEvent::appended, true, 1h),
            {{n3, 7, NodeEvent::appended, {}}, {n4, 8, NodeEvent::appended, {}}});
  EXPECT_THAT(cluster.calls, Contains("kill n4"));
  EXPECT_THAT(cluster.calls, Not(Contains("kill n3")));
}

TEST_F(TriggerTest, without_its_event_the_fault_is_skipped_and_not_counted) {
  play_with(armed(NodeEvent::truncated, false, 5ms), {{n3, 7, NodeEvent::appended, {}}});
  const auto skipped = std::find_if(events.begin(), events.end(), [](const history::Event& event) {
    return event.f == "skip-kill";
  });
  ASSERT_NE(skipped, events.end());
  EXPECT_EQ(*skipped->value.member("because"),
            history::Value("no fitting truncated came within 5ms"));
  EXPECT_THAT(nemesis.injected(), Not(Contains(Pair("kill", testing::_))));
}

TEST_F(TriggerTest, it_is_played_back_with_its_trigger) {
  const Fault planned = armed(NodeEvent::became_leader, false, 1h);
  play_with(planned, {{n4, 7, NodeEvent::became_leader, {}}});
  EXPECT_THAT(nemesis.played().faults, Contains(planned));
}

TEST_F(TriggerTest, it_can_strike_a_while_after_the_event) {
  Fault late = armed(NodeEvent::became_leader, false, 1h);
  late.trigger->after = 3ms;
  play_with(late, {{n4, 7, NodeEvent::became_leader, {}}});
  EXPECT_THAT(cluster.calls, Contains("kill n4"));
  EXPECT_THAT(nemesis.played().faults, Contains(late));
}

TEST_F(TriggerTest, a_stopped_nemesis_is_triggered_no_more) {
  on_event = [&](const history::Event&) { nemesis.stop(); };
  play({armed(NodeEvent::became_leader, false, 1h), fault(2, Pause{}, nodes({n5}), 1ms, 1ms)});
  nemesis.observe({n4, 7, NodeEvent::became_leader, {}});
  EXPECT_THAT(cluster.calls, ElementsAre("pause n5"));
}

TEST(NodeStates, know_the_candidate_and_the_ends_of_the_logs) {
  NodeStates states;
  EXPECT_EQ(states.most_ahead(), std::nullopt);
  states.observe({n1, 1, NodeEvent::appended, 10});
  states.observe({n2, 1, NodeEvent::appended, 12});
  states.observe({n3, 1, NodeEvent::appended, 14});
  states.observe({n3, 1, NodeEvent::truncated, 9});
  EXPECT_EQ(states.most_ahead(), n2);
  EXPECT_EQ(states.most_behind(), n3);
  states.observe({n1, 2, NodeEvent::became_candidate, {}});
  EXPECT_EQ(states.candidate(), n1);
  states.observe({n2, 2, NodeEvent::became_follower, {}});
  EXPECT_EQ(states.candidate(), n1);
  states.observe({n1, 2, NodeEvent::became_leader, {}});
  EXPECT_EQ(states.candidate(), std::nullopt);
}

TEST_F(NemesisTest, the_leader_is_looked_up_when_the_fault_strikes) {
  cluster.leading = n1;
  on_event = [&](const history::Event&) { cluster.leading = n3; };
  play({fault(1, Kill{}, {TargetRule::leader, {}}, 0ms, 1ms),
        fault(2, Kill{}, {TargetRule::leader, {}}, 5ms, 1ms)});
  // Which of a start and a kill comes first is the clock's affair.
  EXPECT_THAT(cluster.calls, UnorderedElementsAre("kill n1", "start n1", "kill n3", "start n3"));
}

TEST_F(NemesisTest, the_played_schedule_has_the_real_times_and_is_aimed_as_planned) {
  cluster.leading = n5;
  play({fault(1, Kill{}, {TargetRule::leader, {}}, 2ms, 3ms)});
  const Schedule played = nemesis.played();
  ASSERT_EQ(played.faults.size(), 1u);
  EXPECT_EQ(played.faults[0].target.rule, TargetRule::leader);
  EXPECT_GE(played.faults[0].at, 2ms);
  EXPECT_GE(played.faults[0].duration, 3ms);
}

TEST_F(NemesisTest, active_faults_are_described_for_the_progress_line) {
  std::vector<std::vector<std::string>> active;
  on_event = [&](const history::Event&) { active.push_back(nemesis.active()); };
  play({fault(1, Partition{PartitionShape::bridge}, nodes({n2}), 0ms, 100ms),
        fault(2, Kill{}, nodes({n1, n3}), 1ms, 300ms)});
  EXPECT_THAT(active, ElementsAre(ElementsAre("partition bridge n2"),
                                  ElementsAre("partition bridge n2", "kill n1 n3"),
                                  ElementsAre("kill n1 n3"), IsEmpty()));
}

TEST_F(NemesisTest, stopped_in_mid_play_it_returns_at_once_and_heal_all_mends_the_rest) {
  on_event = [&](const history::Event& event) {
    if (event.f == "partition") nemesis.stop();
  };
  play({fault(1, Kill{}, nodes({n1}), 0ms, 1h), fault(2, Partition{}, nodes({n2}), 1ms, 1h),
        fault(3, Pause{}, nodes({n3}), 1h, 1h)});
  EXPECT_THAT(functions(), ElementsAre("kill", "partition"));
  EXPECT_TRUE(links.is_blocked({n1, n2}));
  on_event = [](const history::Event&) {};
  nemesis.heal_all();
  EXPECT_THAT(functions(), ElementsAre("kill", "partition", "heal-kill", "heal-partition"));
  EXPECT_FALSE(links.is_blocked({n1, n2}));
  EXPECT_THAT(cluster.down, IsEmpty());
}

TEST_F(NemesisTest, heal_all_is_idempotent) {
  on_event = [&](const history::Event&) { nemesis.stop(); };
  play({fault(1, Pause{}, nodes({n1}), 0ms, 1h)});
  on_event = [](const history::Event&) {};
  nemesis.heal_all();
  const auto calls = cluster.calls;
  const auto recorded = events;
  nemesis.heal_all();
  EXPECT_EQ(cluster.calls, calls);
  EXPECT_EQ(events, recorded);
  EXPECT_THAT(nemesis.active(), IsEmpty());
}

TEST_F(NemesisTest, a_cancelled_play_throws_and_can_be_healed) {
  boost::asio::cancellation_signal cancel;
  bool aborted = false;
  on_event = [&](const history::Event&) {
    // Not from inside the coroutine that is to be cancelled.
    boost::asio::post(io, [&] { cancel.emit(boost::asio::cancellation_type::terminal); });
  };
  boost::asio::co_spawn(
      io, nemesis.play({{fault(1, Kill{}, nodes({n1}), 0ms, 1h)}}),
      boost::asio::bind_cancellation_slot(
          cancel.slot(), [&](const std::exception_ptr& error) { aborted = error != nullptr; }));
  io.run();
  EXPECT_TRUE(aborted);
  on_event = [](const history::Event&) {};
  nemesis.heal_all();
  EXPECT_THAT(cluster.calls, ElementsAre("kill n1", "start n1"));
}

}  // namespace
}  // namespace sunder::nemesis
