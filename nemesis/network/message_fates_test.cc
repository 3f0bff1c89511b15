#include "nemesis/network/message_fates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sunder::nemesis {
namespace {

using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

using Arrivals = std::vector<MessageFates::Arrival>;

const MessageFates::Clock::time_point beginning{100s};

MessageFault fault(MessageEffect effect, double probability = 1, Duration delay = 0s) {
  MessageFault fault;
  fault.effect = effect;
  fault.probability = probability;
  fault.delay = delay;
  return fault;
}

Arrivals decide(MessageFates& fates, MessageFates::Clock::time_point when = beginning) {
  return fates.decide(FrameType::append_entries, 1000, when);
}

TEST(MessageFates, without_faults_a_message_arrives_once_and_now) {
  MessageFates fates;
  EXPECT_EQ(decide(fates), (Arrivals{{beginning, {}}}));
}

TEST(MessageFates, a_fault_strikes_as_often_as_its_probability_says) {
  MessageFates fates;
  fates.add(1, fault(MessageEffect::drop, 0.3), 7);
  int lost = 0;
  for (int i = 0; i < 10'000; ++i) lost += decide(fates).empty() ? 1 : 0;
  EXPECT_NEAR(lost, 3000, 150);
}

TEST(MessageFates, the_same_seed_gives_the_same_fates) {
  MessageFates one;
  MessageFates same;
  MessageFates other;
  one.add(1, fault(MessageEffect::drop, 0.5), 7);
  same.add(1, fault(MessageEffect::drop, 0.5), 7);
  other.add(1, fault(MessageEffect::drop, 0.5), 8);
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    const Arrivals fate = decide(one);
    EXPECT_EQ(fate, decide(same));
    differs |= fate != decide(other);
  }
  EXPECT_TRUE(differs);
}

TEST(MessageFates, other_types_are_left_alone) {
  MessageFates fates;
  MessageFault drop = fault(MessageEffect::drop);
  drop.types = {FrameType::vote_reply};
  fates.add(1, drop, 7);
  EXPECT_THAT(decide(fates), SizeIs(1));
  EXPECT_THAT(fates.decide(FrameType::vote_reply, 1000, beginning), IsEmpty());
}

TEST(MessageFates, delays_keep_the_order_and_reordering_does_not) {
  for (MessageEffect effect : {MessageEffect::delay, MessageEffect::reorder}) {
    MessageFates fates;
    MessageFault slow = fault(effect, 0.5, 100ms);
    slow.shape = DelayShape::jitter;
    fates.add(1, slow, 7);
    bool overtaken = false;
    MessageFates::Clock::time_point last{};
    for (int i = 0; i < 100; ++i) {
      const auto when = decide(fates, beginning + i * 1ms).front().when;
      overtaken |= when < last;
      last = when;
    }
    EXPECT_EQ(overtaken, effect == MessageEffect::reorder);
  }
}

TEST(MessageFates, a_heavy_tail_is_mostly_short_and_rarely_very_long) {
  int shorter = 0;
  int much_longer = 0;
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    MessageFates fates;
    MessageFault slow = fault(MessageEffect::delay, 1, 10ms);
    slow.shape = DelayShape::heavy_tail;
    fates.add(1, slow, seed);
    const auto delay = decide(fates).front().when - beginning;
    EXPECT_LE(delay, 500ms);
    if (delay < 10ms) ++shorter;
    if (delay > 250ms) ++much_longer;
  }
  EXPECT_GT(shorter, 7500);
  EXPECT_GT(much_longer, 10);
  EXPECT_LT(much_longer, 100);
}

TEST(MessageFates, a_throttled_link_is_busy_for_as_long_as_its_bytes_take) {
  MessageFates fates;
  MessageFault throttle = fault(MessageEffect::throttle);
  throttle.bytes_per_second = 1000;
  fates.add(1, throttle, 7);
  EXPECT_EQ(decide(fates).front().when, beginning + 1s);
  EXPECT_EQ(decide(fates).front().when, beginning + 2s);
  EXPECT_EQ(decide(fates, beginning + 10s).front().when, beginning + 11s);
}

TEST(MessageFates, a_duplicate_comes_no_earlier_than_the_message) {
  MessageFates fates;
  fates.add(1, fault(MessageEffect::duplicate, 1, 50ms), 7);
  const Arrivals arrivals = decide(fates);
  ASSERT_THAT(arrivals, SizeIs(2));
  EXPECT_EQ(arrivals[0].when, beginning);
  EXPECT_GE(arrivals[1].when, beginning);
  EXPECT_LE(arrivals[1].when, beginning + 50ms);
}

TEST(MessageFates, pieces_of_a_stream_are_never_lost_doubled_changed_or_reordered) {
  MessageFates fates;
  int id = 0;
  for (MessageEffect effect : {MessageEffect::drop, MessageEffect::duplicate,
                               MessageEffect::reorder, MessageEffect::corrupt}) {
    fates.add(++id, fault(effect, 1, 50ms), 7);
  }
  EXPECT_EQ(fates.decide(std::nullopt, 1000, beginning), (Arrivals{{beginning, {}}}));
}

TEST(MessageFates, a_healed_link_is_not_slowed_by_what_it_delayed) {
  MessageFates fates;
  fates.add(1, fault(MessageEffect::delay, 1, 1h), 7);
  decide(fates);
  EXPECT_TRUE(fates.remove(1));
  EXPECT_FALSE(fates.remove(1));
  EXPECT_EQ(decide(fates).front().when, beginning);
}

}  // namespace
}  // namespace sunder::nemesis
