#include "harness/shrink/sequential_decision.h"

#include <gtest/gtest.h>

#include "nemesis/schedule/random.h"

namespace sunder::harness::shrink {
namespace {

TEST(SequentialDecision, one_run_decides_nothing) {
  for (const bool failed : {true, false}) {
    auto test = SequentialDecision::against(0.8);
    test.note(failed);
    EXPECT_EQ(test.decision(), Decision::open);
  }
}

TEST(SequentialDecision, a_few_alike_decide_where_the_rate_is_high) {
  auto often = SequentialDecision::against(0.9);
  auto rarely = SequentialDecision::against(0.9);
  for (int i = 0; i < 4; ++i) {
    if (often.decision() == Decision::open) often.note(true);
    if (rarely.decision() == Decision::open) rarely.note(false);
  }
  EXPECT_EQ(often.decision(), Decision::often_enough);
  EXPECT_EQ(rarely.decision(), Decision::too_rarely);
}

/// How many of 10,000 candidates that fail at `rate` are called too rare.
double share_called_rare(double rate, double against) {
  nemesis::Random random(11);
  constexpr int candidates = 10'000;
  int rare = 0;
  for (int i = 0; i < candidates; ++i) {
    auto test = SequentialDecision::against(against);
    while (test.decision() == Decision::open) test.note(random.chance(rate));
    if (test.decision() == Decision::too_rarely) ++rare;
  }
  return static_cast<double>(rare) / candidates;
}

TEST(SequentialDecision, keeps_its_promise_about_errors) {
  // Wald: with thresholds made for an error of a tenth, a ninth is not exceeded.
  constexpr double most = 1.0 / 9 + 0.01;
  for (const double rate : {0.2, 0.5, 0.8, 0.9}) {
    EXPECT_LE(share_called_rare(rate, rate), most) << rate;
    EXPECT_GE(share_called_rare(rate / 2, rate), 1 - most) << rate;
  }
}

}  // namespace
}  // namespace sunder::harness::shrink
