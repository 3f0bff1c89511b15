#include "harness/shrink/shrinker.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/progress_line.h"
#include "harness/shrink/numbered_faults_test.h"
#include "testing/temporary_folder.h"

namespace sunder::harness::shrink {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

bool holds(const std::vector<int>& ids, int id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

/// Of the faults with these ids, tried for the K-th time: does it fail?
using Answer = std::function<bool(const std::vector<int>& ids, unsigned attempt)>;

class ScriptedTrials final : public Trials {
 public:
  explicit ScriptedTrials(Answer answer) : answer_(std::move(answer)) {}

  unsigned jobs() const override { return 1; }

  std::optional<Tally> carry_out(const Candidate& candidate, unsigned times) override {
    if (until_interrupted && (*until_interrupted)-- == 0) return std::nullopt;
    Tally tally;
    const auto ids = ids_of(candidate);
    for (; tally.runs < times; ++tally.runs) {
      if (answer_(ids, ++attempts_[ids])) ++tally.failures;
    }
    runs += tally.runs;
    return tally;
  }

  std::filesystem::path example() const override { return {}; }

  std::optional<int> until_interrupted;
  unsigned runs = 0;

 private:
  Answer answer_;
  std::map<std::vector<int>, unsigned> attempts_;
};

class ShrinkerTest : public testing::Test {
 protected:
  ShrinkerTest() {
    run_.folder = temporary_.path();
    run_.signature.property = "durability";
    run_.candidate = candidate_with(8);
  }

  Shrunk shrink(Trials& trials, std::chrono::nanoseconds budget = 10min) {
    auto progress = ProgressLine::silent();
    return Shrinker(run_, temporary_.path(), budget, trials, progress).shrink();
  }

  const TemporaryFolder temporary_;
  FailedRun run_;
};

TEST_F(ShrinkerTest, leaves_what_it_takes_and_says_how_often_that_fails) {
  ScriptedTrials trials([](const auto& ids, unsigned) { return holds(ids, 3) && holds(ids, 7); });
  const auto shrunk = shrink(trials);
  EXPECT_EQ(shrunk.ending, Ending::smallest);
  EXPECT_THAT(ids_of(shrunk.candidate), ElementsAre(3, 7));
  EXPECT_EQ(shrunk.before.failures, 6U);
  EXPECT_EQ(shrunk.after.failures, 10U);
  EXPECT_EQ(shrunk.after.runs, 10U);
  EXPECT_EQ(shrunk.candidate.plan.nodes, 1);
}

TEST_F(ShrinkerTest, a_step_that_was_taken_by_luck_is_taken_back) {
  // Without fault 5 it fails while it is decided on, and hardly ever when it is measured.
  constexpr unsigned lucky = 8;
  ScriptedTrials trials([](const auto& ids, unsigned attempt) {
    return holds(ids, 3) && (holds(ids, 5) || attempt <= lucky);
  });
  const auto shrunk = shrink(trials);
  EXPECT_EQ(shrunk.ending, Ending::smallest);
  EXPECT_THAT(ids_of(shrunk.candidate), ElementsAre(3, 5));
  EXPECT_EQ(shrunk.after.failures, 10U);
}

TEST_F(ShrinkerTest, what_fails_half_the_time_is_not_asked_to_fail_always) {
  ScriptedTrials trials(
      [](const auto& ids, unsigned attempt) { return holds(ids, 3) && attempt % 2 == 0; });
  const auto shrunk = shrink(trials);
  EXPECT_THAT(ids_of(shrunk.candidate), ElementsAre(3));
  EXPECT_EQ(shrunk.before.failures, 3U);
  EXPECT_EQ(shrunk.after.failures, 5U);
}

TEST_F(ShrinkerTest, a_run_that_does_not_fail_again_is_not_shrunk) {
  ScriptedTrials trials([](const auto&, unsigned) { return false; });
  const auto shrunk = shrink(trials);
  EXPECT_EQ(shrunk.ending, Ending::not_reproduced);
  EXPECT_EQ(shrunk.before.runs, 20U);
  EXPECT_EQ(trials.runs, 20U);
}

TEST_F(ShrinkerTest, one_that_was_interrupted_goes_on_with_what_it_had_found) {
  const Answer needs_the_third = [](const auto& ids, unsigned) { return holds(ids, 3); };
  ScriptedTrials whole(needs_the_third);
  const TemporaryFolder elsewhere;
  auto progress = ProgressLine::silent();
  const auto at_once = Shrinker(run_, elsewhere.path(), 10min, whole, progress).shrink();

  ScriptedTrials first(needs_the_third);
  first.until_interrupted = 20;
  EXPECT_EQ(shrink(first).ending, Ending::interrupted);
  ScriptedTrials second(needs_the_third);
  const auto shrunk = shrink(second);
  EXPECT_EQ(shrunk.ending, Ending::smallest);
  EXPECT_EQ(ids_of(shrunk.candidate), ids_of(at_once.candidate));
  // At most the decision in which it was interrupted is made again.
  EXPECT_LT(first.runs + second.runs, whole.runs + 8);
}

TEST_F(ShrinkerTest, when_the_time_is_up_nothing_more_is_tried_and_what_was_found_is_kept) {
  ScriptedTrials first([](const auto& ids, unsigned) { return holds(ids, 3); });
  first.until_interrupted = 12;
  const auto interrupted = shrink(first);
  ScriptedTrials second([](const auto& ids, unsigned) { return holds(ids, 3); });
  const auto shrunk = shrink(second, 0s);
  EXPECT_EQ(shrunk.ending, Ending::out_of_time);
  EXPECT_EQ(second.runs, 0U);
  EXPECT_EQ(ids_of(shrunk.candidate), ids_of(interrupted.candidate));
  EXPECT_EQ(shrunk.after.runs, 0U);
}

TEST_F(ShrinkerTest, what_its_trials_take_never_goes_beyond_the_budget) {
  ScriptedTrials trials([](const auto& ids, unsigned) {
    std::this_thread::sleep_for(5ms);  // Of the real time that the budget is about.
    return holds(ids, 3);
  });
  const auto began = std::chrono::steady_clock::now();
  const auto shrunk = shrink(trials, 400ms);
  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_EQ(shrunk.ending, Ending::out_of_time);
  EXPECT_GT(shrunk.before.failures, 0U);
  // What was found by then is measured within the budget, too.
  EXPECT_GT(shrunk.after.runs, 0U);
  EXPECT_LT(took, 600ms);
}

}  // namespace
}  // namespace sunder::harness::shrink
