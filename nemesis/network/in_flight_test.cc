#include "nemesis/network/in_flight.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "node/api/nodes_test.h"

namespace sunder::nemesis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

const MessageFates::Clock::time_point start{100s};

/// One link, and what it delivers.
struct InFlightTest : testing::Test {
  LinkRules rules;
  const Link link{n1, n2};
  InFlight<std::string> messages{rules, link, Traffic::messages};
  InFlight<std::string> stream{rules, link, Traffic::stream};

  MessageFault fault(MessageEffect effect, Duration delay = 0s) {
    MessageFault fault;
    fault.effect = effect;
    fault.delay = delay;
    return fault;
  }
  void add(int id, const MessageFault& fault) { rules.add(id, {link}, fault, 7); }
  std::size_t send(const std::string& message, Duration at) {
    return messages.send(message, FrameType::append_entries, message.size(), start + at);
  }
  void send_piece(const std::string& piece, Duration at) {
    stream.send(piece, std::nullopt, piece.size(), start + at);
  }
  static std::vector<std::string> delivered(InFlight<std::string>& by, Duration at) {
    std::vector<std::string> all;
    while (auto arrival = by.take_due(start + at)) {
      all.push_back(arrival->is_lost ? "lost" : arrival->message);
    }
    return all;
  }
};

TEST_F(InFlightTest, without_faults_the_link_is_open) {
  EXPECT_EQ(messages.passage(), Passage::open);
  send("a", 1ms);
  EXPECT_EQ(messages.passage(), Passage::in_turn) << "behind the one that is on its way";
  EXPECT_THAT(delivered(messages, 0ms), IsEmpty());
  EXPECT_THAT(delivered(messages, 1ms), ElementsAre("a"));
  EXPECT_EQ(messages.passage(), Passage::open);
}

TEST_F(InFlightTest, a_blocked_link_loses_the_messages_that_are_sent) {
  rules.block(1, {link});
  EXPECT_EQ(messages.passage(), Passage::lost);
  EXPECT_EQ(send("a", 0ms), 0u);
  rules.release(1);
  EXPECT_THAT(delivered(messages, 1h), IsEmpty());
}

TEST_F(InFlightTest, a_blocked_link_holds_a_stream_and_delivers_it_when_released) {
  rules.block(1, {link});
  EXPECT_EQ(stream.passage(), Passage::held);
  send_piece("a", 0ms);
  EXPECT_THAT(delivered(stream, 1h), IsEmpty());
  rules.release(1);
  EXPECT_THAT(delivered(stream, 1h), ElementsAre("a"));
}

TEST_F(InFlightTest, a_message_whose_delay_ends_while_the_link_is_blocked_is_lost) {
  add(1, fault(MessageEffect::delay, 10ms));
  send("a", 0ms);
  send("b", 10ms);
  rules.block(2, {link});
  EXPECT_THAT(delivered(messages, 15ms), ElementsAre("lost"));
  rules.release(2);
  EXPECT_THAT(delivered(messages, 20ms), ElementsAre("b"));
}

TEST_F(InFlightTest, a_piece_whose_delay_ends_while_the_link_is_blocked_waits) {
  add(1, fault(MessageEffect::delay, 10ms));
  send_piece("a", 0ms);
  rules.block(2, {link});
  EXPECT_THAT(delivered(stream, 15ms), IsEmpty());
  rules.release(2);
  EXPECT_THAT(delivered(stream, 15ms), ElementsAre("a"));
}

TEST_F(InFlightTest, a_cut_loses_what_is_on_its_way) {
  add(1, fault(MessageEffect::delay, 10ms));
  send("a", 0ms);
  send_piece("a", 0ms);
  rules.cut(2, {link});
  messages.rules_changed();
  stream.rules_changed();
  EXPECT_EQ(send("b", 0ms), 0u);
  rules.release(2);
  EXPECT_THAT(delivered(messages, 1h), IsEmpty());
  EXPECT_THAT(delivered(stream, 1h), IsEmpty());
  EXPECT_EQ(messages.size_bytes(), 0u);
}

TEST_F(InFlightTest, what_was_delayed_is_due_when_no_message_fault_is_left) {
  add(1, fault(MessageEffect::delay, 1h));
  add(2, fault(MessageEffect::delay, 1h));
  send("a", 0ms);
  send("b", 0ms);
  rules.release(1);
  messages.rules_changed();
  EXPECT_THAT(delivered(messages, 1s), IsEmpty());
  rules.release(2);
  messages.rules_changed();
  EXPECT_THAT(delivered(messages, 1s), ElementsAre("a", "b"));
}

TEST_F(InFlightTest, a_healed_link_keeps_the_latency_that_it_has_without_faults) {
  add(1, fault(MessageEffect::delay, 1h));
  send("a", 5ms);
  rules.release(1);
  messages.rules_changed();
  send("b", 6ms);
  EXPECT_THAT(delivered(messages, 4ms), IsEmpty());
  EXPECT_THAT(delivered(messages, 6ms), ElementsAre("a", "b"));
}

TEST_F(InFlightTest, a_dropped_message_has_no_copy_and_a_duplicated_one_has_two) {
  add(1, fault(MessageEffect::duplicate, 10ms));
  EXPECT_EQ(send("a", 0ms), 2u);
  EXPECT_EQ(messages.size_bytes(), 2u);
  EXPECT_THAT(delivered(messages, 10ms), ElementsAre("a", "a"));
  EXPECT_EQ(messages.size_bytes(), 0u);
  add(2, fault(MessageEffect::drop));
  EXPECT_EQ(send("a", 0ms), 0u);
}

TEST_F(InFlightTest, a_corrupted_message_arrives_with_its_damage) {
  add(1, fault(MessageEffect::corrupt));
  send("a", 0ms);
  EXPECT_TRUE(messages.take_due(start)->corrupted_byte);
}

TEST_F(InFlightTest, an_unhindered_link_is_always_open) {
  const InFlight<std::string> unhindered(rules, link, Traffic::unhindered);
  rules.block(1, {link});
  rules.cut(2, {link});
  add(3, fault(MessageEffect::drop));
  EXPECT_EQ(unhindered.passage(), Passage::open);
}

}  // namespace
}  // namespace sunder::nemesis
