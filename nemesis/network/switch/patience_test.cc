#include "nemesis/network/switch/patience.h"

#include <gtest/gtest.h>

namespace sunder::nemesis {
namespace {

using namespace std::chrono_literals;

TEST(Patience, polls_again_and_again_while_that_pays) {
  Patience patience;
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(patience.polls({}));
    patience.polled(false);
  }
}

TEST(Patience, polls_rarely_when_that_is_in_vain) {
  Patience patience;
  int polls = 0;
  for (int i = 0; i < 1000; ++i) {
    if (!patience.polls({})) continue;
    ++polls;
    patience.polled(true);
  }
  EXPECT_LT(polls, 25);
  EXPECT_GT(polls, 10);
}

TEST(Patience, does_not_poll_on_a_busy_machine) {
  Patience patience;
  patience.was_interrupted(Patience::Time{1h});
  EXPECT_FALSE(patience.polls(Patience::Time{1h + 49ms}));
  EXPECT_TRUE(patience.polls(Patience::Time{1h + 50ms}));
}

}  // namespace
}  // namespace sunder::nemesis
