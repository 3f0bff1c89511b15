#include "harness/simulation/simulated_network.h"

#include <vector>

#include <gmock/gmock.h>

namespace sunder::harness::simulation {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// Messages from node 1 to node 2, told apart by their terms.
struct SimulatedNetworkTest : testing::Test {
  simulator::EventQueue events;
  simulator::Dice dice{1};
  nemesis::LinkRules rules;
  std::vector<std::uint64_t> delivered;
  SimulatedNetwork network{
      events, dice, rules,
      [this](const raft::Message& message) { delivered.push_back(message.term.value); },
      [](const nemesis::SentFrame&) {}};
  const nemesis::Link link{NodeId{1}, NodeId{2}};

  void send(std::uint64_t term) {
    network.send({NodeId{1}, NodeId{2}, Term{term}, raft::VoteReply{true}});
  }
  void delay_by(Duration delay) {
    nemesis::MessageFault fault;
    fault.effect = nemesis::MessageEffect::delay;
    fault.delay = delay;
    rules.add(1, {link}, fault, 7);
  }
};

TEST_F(SimulatedNetworkTest, messages_arrive_soon_and_in_order) {
  for (std::uint64_t term = 1; term <= 3; ++term) send(term);
  events.run_until(1ms);
  EXPECT_THAT(delivered, ElementsAre(1, 2, 3));
}

TEST_F(SimulatedNetworkTest, a_delayed_message_does_not_cross_a_partition) {
  delay_by(100ms);
  send(1);
  events.run_until(50ms);
  rules.block(2, {link});
  events.run_until(1s);
  EXPECT_THAT(delivered, IsEmpty());
  rules.release(2);
  events.run_until(2s);
  EXPECT_THAT(delivered, IsEmpty());
}

TEST_F(SimulatedNetworkTest, a_message_that_is_delayed_beyond_a_partition_arrives) {
  delay_by(100ms);
  send(1);
  rules.block(2, {link});
  events.run_until(50ms);
  rules.release(2);
  events.run_until(101ms);
  EXPECT_THAT(delivered, ElementsAre(1));
}

TEST_F(SimulatedNetworkTest, what_was_delayed_arrives_when_the_delay_is_healed) {
  delay_by(1h);
  send(1);
  send(2);
  events.run_until(10ms);
  rules.release(1);
  send(3);
  events.run_until(11ms);
  EXPECT_THAT(delivered, ElementsAre(1, 2, 3));
}

TEST_F(SimulatedNetworkTest, a_cut_or_a_reset_loses_what_is_on_its_way) {
  delay_by(100ms);
  send(1);
  rules.cut(2, {link});
  rules.release(2);
  send(2);
  rules.reset({link});
  send(3);
  events.run_until(1s);
  EXPECT_THAT(delivered, ElementsAre(3));
}

}  // namespace
}  // namespace sunder::harness::simulation
