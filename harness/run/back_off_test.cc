#include "harness/run/back_off.h"

#include <gtest/gtest.h>

namespace sunder::harness {
namespace {

using history::EventType;
using workloads::Call;
using workloads::Completion;
using namespace std::chrono_literals;

Completion failed(std::string error) {
  return {EventType::fail, {}, std::move(error)};
}

TEST(BackOff, a_system_that_refuses_is_called_ever_less_often_up_to_a_bound) {
  BackOff back_off(7);
  EXPECT_EQ(back_off.after(true), 0ns);
  auto bound = 1ms;
  for (int refusal = 0; refusal < 20; ++refusal) {
    const auto wait = back_off.after(true);
    EXPECT_GE(wait, bound / 2);
    EXPECT_LE(wait, bound);
    bound = std::min(bound * 2, std::chrono::milliseconds(64));
  }
}

TEST(BackOff, an_answer_ends_it) {
  BackOff back_off(7);
  for (int refusal = 0; refusal < 9; ++refusal) back_off.after(true);
  EXPECT_EQ(back_off.after(false), 0ns);
  EXPECT_EQ(back_off.after(true), 0ns);
}

TEST(BackOff, the_same_seed_waits_as_long) {
  BackOff one(7);
  BackOff other(7);
  for (int refusal = 0; refusal < 9; ++refusal) EXPECT_EQ(one.after(true), other.after(true));
}

TEST(BackOff, what_says_something_of_the_state_is_an_answer) {
  Completion found = failed("the value is another one");
  found.answer.emplace().found = history::Value(3);
  EXPECT_FALSE(is_turned_away({"cas", "x", {}}, found));
  EXPECT_FALSE(is_turned_away({"cas", "x", {}}, failed("")));
  EXPECT_FALSE(is_turned_away({"dequeue", "q", {}}, failed("")));
  EXPECT_FALSE(is_turned_away({"cas", "x", {}}, failed("mismatch")));
  EXPECT_FALSE(is_turned_away({"dequeue", "q", {}}, failed("empty")));
  EXPECT_FALSE(is_turned_away({"read", "x", {}}, {EventType::ok, {}, {}}));
  EXPECT_FALSE(is_turned_away({"write", "x", 1}, {EventType::info, {}, "timeout"}));
}

TEST(BackOff, what_says_nothing_of_it_is_turned_away) {
  EXPECT_TRUE(is_turned_away({"write", "x", 1}, failed("not leader")));
  EXPECT_TRUE(is_turned_away({"cas", "x", {}}, failed("not leader")));
  EXPECT_TRUE(is_turned_away({"read", "x", {}}, failed("")));
}

}  // namespace
}  // namespace sunder::harness
