#include "checker/guarantees/watch.h"

#include <gmock/gmock.h>

namespace sunder::checker {
namespace {

using history::List;
using history::Operation;
using history::Outcome;
using history::Value;
using testing::HasSubstr;

class WatchHistory {
 public:
  WatchHistory& write(int value, std::optional<std::int64_t> revision = {},
                      Outcome outcome = Outcome::ok) {
    auto& made = add("write", outcome);
    made.argument = made.result = value;
    made.key = "k1";
    if (!revision) return *this;
    history::Answer answer;
    answer.revision = revision;
    made.answer = std::make_shared<const history::Answer>(std::move(answer));
    return *this;
  }
  /// Pairs of a revision and a value.
  WatchHistory& watch(std::int64_t from, const std::vector<std::pair<int, int>>& seen) {
    auto& made = add("watch", Outcome::ok);
    made.argument = from;
    List events;
    for (const auto& [revision, value] : seen) events.push_back(List{revision, "k1", value});
    made.result = std::move(events);
    return *this;
  }

  CheckResult check() const { return check_watch(history_, {}); }
  std::string flaw() const {
    const auto result = check();
    return result.validity == Validity::invalid ? result.message : "";
  }

 private:
  Operation& add(const char* f, Outcome outcome) {
    auto& made = history_.operations.emplace_back();
    made.f = f;
    made.process = history::ProcessId{static_cast<int>(history_.operations.size())};
    made.outcome = outcome;
    made.invoked = now_++;
    made.returned = outcome == Outcome::info ? history::never : now_++;
    return made;
  }

  history::History history_;
  history::Position now_ = 0;
};

TEST(Watch, a_watch_that_saw_every_change_in_order_is_valid) {
  EXPECT_EQ(WatchHistory()
                .write(1, 5)
                .write(2, 6)
                .write(3, {}, Outcome::info)
                .watch(1, {{5, 1}, {6, 2}})
                .watch(6, {{6, 2}, {9, 3}})
                .check()
                .validity,
            Validity::valid);
}

TEST(Watch, a_change_that_is_missing_is_named) {
  EXPECT_THAT(WatchHistory().write(1, 5).write(2, 6).write(3, 7).watch(1, {{5, 1}, {7, 3}}).flaw(),
              HasSubstr("missed revision 6"));
  // Another watch saw it, though its write was not answered.
  EXPECT_THAT(WatchHistory()
                  .write(1, 5)
                  .write(2, {}, Outcome::info)
                  .write(3, 7)
                  .watch(1, {{5, 1}, {6, 2}, {7, 3}})
                  .watch(6, {{7, 3}})
                  .flaw(),
              HasSubstr("missed revision 6"));
}

TEST(Watch, what_comes_behind_the_last_event_is_not_missing) {
  EXPECT_EQ(WatchHistory().write(1, 5).write(2, 6).watch(1, {{5, 1}}).flaw(), "");
}

TEST(Watch, events_twice_or_backwards_are_invalid) {
  EXPECT_THAT(WatchHistory().write(1, 5).watch(1, {{5, 1}, {5, 1}}).flaw(), HasSubstr("after 5"));
  EXPECT_THAT(WatchHistory().write(1, 5).watch(6, {{5, 1}}).flaw(), HasSubstr("after 5"));
  EXPECT_THAT(WatchHistory().write(1).watch(1, {{5, 1}, {6, 1}}).flaw(), HasSubstr("two changes"));
}

TEST(Watch, a_change_that_nobody_made_or_that_failed_is_invalid) {
  EXPECT_THAT(WatchHistory().write(1, 5).watch(1, {{5, 2}}).flaw(),
              HasSubstr("nobody had written"));
  EXPECT_THAT(WatchHistory().write(1, {}, Outcome::fail).watch(1, {{5, 1}}).flaw(),
              HasSubstr("answered fail"));
}

TEST(Watch, two_changes_at_one_revision_are_invalid) {
  EXPECT_THAT(WatchHistory().write(1).write(2).watch(1, {{5, 1}}).watch(1, {{5, 2}}).flaw(),
              HasSubstr("there"));
  EXPECT_THAT(WatchHistory().write(1, 5).write(2, 5).watch(1, {{5, 1}}).flaw(),
              HasSubstr("was answered revision 5"));
}

TEST(Watch, revisions_follow_real_time) {
  EXPECT_THAT(WatchHistory().write(1).write(2).watch(1, {{5, 2}, {6, 1}}).flaw(),
              HasSubstr("returned before"));
}

TEST(Watch, is_unknown_if_nothing_was_seen) {
  EXPECT_EQ(WatchHistory().write(1).watch(1, {}).check().validity, Validity::unknown);
  EXPECT_EQ(WatchHistory().write(1, 5).watch(1, {}).check().validity, Validity::unknown);
}

}  // namespace
}  // namespace sunder::checker
