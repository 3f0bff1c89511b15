#include "checker/raft/coverage.h"

#include <gmock/gmock.h>

namespace sunder::checker::raft {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using trace::EntryDigest;

class WatchedRun {
 public:
  explicit WatchedRun(std::span<const Disturbance> partitions = {}) : coverage_(partitions) {}

  WatchedRun& say(int node, std::uint64_t term, trace::Event event) {
    coverage_.observe(
        {std::chrono::milliseconds(++now_), NodeId{node}, Term{term}, std::move(event)});
    return *this;
  }
  const Coverage& coverage() const { return coverage_; }
  const std::set<std::string_view>& situations() const { return coverage_.situations(); }

 private:
  Coverage coverage_;
  std::int64_t now_ = 0;
};

trace::Appended appended_from(std::uint64_t first, std::vector<EntryDigest> entries) {
  return {Index{first}, Term{0}, std::move(entries)};
}

TEST(Coverage, names_of_nodes_and_the_height_of_terms_make_no_new_state) {
  const auto states_of = [](int leader, std::uint64_t term) {
    WatchedRun run;
    for (const int node : {1, 2, 3}) run.say(node, term - 1, trace::Started{});
    run.say(leader, term, trace::BecameCandidate{}).say(leader, term, trace::BecameLeader{});
    return run.coverage().states();
  };
  EXPECT_EQ(states_of(1, 5), states_of(3, 9));
}

TEST(Coverage, a_log_that_falls_behind_is_a_new_state) {
  WatchedRun run;
  run.say(1, 1, trace::Started{}).say(2, 1, trace::Started{});
  const auto before = run.coverage().states().size();
  run.say(1, 1, appended_from(1, {{Term{1}, 5}}));
  EXPECT_GT(run.coverage().states().size(), before);
}

TEST(Coverage, a_quiet_election_is_no_situation) {
  WatchedRun run;
  run.say(1, 0, trace::Started{}).say(2, 0, trace::Started{});
  run.say(1, 1, trace::BecameCandidate{}).say(2, 1, trace::BecameFollower{});
  run.say(2, 1, trace::VoteGranted{NodeId{1}}).say(1, 1, trace::BecameLeader{});
  EXPECT_THAT(run.situations(), IsEmpty());
}

TEST(Coverage, sees_split_votes_refused_votes_and_two_leaders) {
  WatchedRun run;
  run.say(1, 0, trace::Started{}).say(2, 0, trace::Started{}).say(3, 0, trace::Started{});
  run.say(1, 1, trace::BecameLeader{}).say(1, 1, appended_from(1, {{Term{1}, 5}}));
  run.say(2, 2, trace::BecameCandidate{}).say(3, 2, trace::BecameCandidate{});
  run.say(1, 2, trace::BecameFollower{});
  EXPECT_THAT(run.situations(), UnorderedElementsAre("two candidates in one term",
                                                     "a vote refused for the age of the log"));
  run.say(2, 2, trace::BecameLeader{}).say(3, 3, trace::BecameLeader{});
  EXPECT_THAT(run.situations(), Contains("a leader of an older term beside the newer one"));
}

TEST(Coverage, sees_a_joint_configuration_and_whether_the_network_was_cut) {
  const trace::Configuration joint{Index{2}, {NodeId{1}}, {NodeId{1}, NodeId{2}}, {}};
  WatchedRun calm;
  calm.say(1, 1, trace::Started{}).say(1, 1, joint);
  EXPECT_THAT(calm.situations(), ElementsAre("a joint configuration"));
  const std::vector<Disturbance> cut{{std::chrono::milliseconds(1), std::chrono::milliseconds(9)}};
  WatchedRun torn(cut);
  torn.say(1, 1, trace::Started{}).say(1, 1, joint);
  EXPECT_THAT(torn.situations(), Contains("a joint configuration while the network is cut"));
  torn.say(1, 2, trace::Configuration{Index{0}, {NodeId{1}, NodeId{2}}, {}, {}});
  EXPECT_THAT(torn.situations(), Contains("a configuration undone by truncation"));
}

TEST(Coverage, sees_what_becomes_of_logs) {
  WatchedRun run;
  run.say(1, 1, trace::Started{});
  run.say(1, 1, appended_from(1, {{Term{1}, 5}, {Term{1}, 6}, {Term{1}, 7}}));
  run.say(1, 2, trace::Truncated{Index{2}});
  EXPECT_THAT(run.situations(), ElementsAre("several entries truncated"));
  run.say(1, 2, trace::SnapshotInstalled{Index{9}, Term{2}, 0, false});
  run.say(1, 2, trace::Started{std::nullopt, Index{9}, Term{2}, {}});
  EXPECT_THAT(run.situations(), UnorderedElementsAre("several entries truncated",
                                                     "a snapshot installed in place of a log",
                                                     "a restart behind a snapshot"));
}

}  // namespace
}  // namespace sunder::checker::raft
