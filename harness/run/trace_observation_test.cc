#include "harness/run/trace_observation.h"

#include <chrono>
#include <stdexcept>
#include <tuple>

#include <gtest/gtest.h>

#include "node/api/nodes_test.h"
#include "node/api/trace.h"

namespace sunder::harness {
namespace {

using nemesis::NodeEvent;

/// Of the line, and the same of the record.
std::optional<nemesis::Observation> observed(trace::Event event) {
  const trace::Record record{std::chrono::nanoseconds(17), n3, Term{9}, std::move(event)};
  auto observation = observe(n3, trace::to_json_line(record));
  const auto same = observe(record);
  EXPECT_EQ(same.has_value(), observation.has_value());
  if (same && observation) {
    EXPECT_EQ(std::tie(same->node, same->term, same->event, same->log_end, same->commit_index),
              std::tie(observation->node, observation->term, observation->event,
                       observation->log_end, observation->commit_index));
    EXPECT_EQ(same->time, observation->time);
  }
  return observation;
}

TEST(Observe, tells_node_term_and_event) {
  const auto leader = observed(trace::BecameLeader{Index{4}});
  ASSERT_TRUE(leader);
  EXPECT_EQ(leader->node, n3);
  EXPECT_EQ(leader->term, 9U);
  EXPECT_EQ(leader->event, NodeEvent::became_leader);
  EXPECT_EQ(leader->time, std::chrono::nanoseconds(17));
  EXPECT_FALSE(leader->log_end);
}

TEST(Observe, a_candidates_vote_for_itself_is_nobodys_business) {
  EXPECT_EQ(observed(trace::VoteGranted{n4})->event, NodeEvent::vote_granted);
  EXPECT_FALSE(observed(trace::VoteGranted{n3}));
}

TEST(Observe, follows_the_end_of_the_log) {
  const trace::EntryDigest entry{Term{1}, 5};
  EXPECT_EQ(observed(trace::Started{{}, Index{10}, Term{1}, {entry, entry}})->log_end, 12U);
  EXPECT_EQ(observed(trace::Appended{Index{5}, Term{1}, {entry, entry, entry}})->log_end, 7U);
  EXPECT_EQ(observed(trace::Truncated{Index{5}})->log_end, 4U);
  EXPECT_EQ(observed(trace::SnapshotInstalled{Index{8}, Term{1}, 0, false})->log_end, 8U);
  EXPECT_FALSE(observed(trace::SnapshotInstalled{Index{8}, Term{1}, 0, true})->log_end);
}

TEST(Observe, follows_the_commit_index) {
  EXPECT_EQ(observed(trace::Started{{}, Index{10}, Term{1}, {{Term{1}, 5}}})->commit_index, 10U);
  EXPECT_EQ(observed(trace::Committed{Index{12}})->commit_index, 12U);
  EXPECT_EQ(observed(trace::SnapshotInstalled{Index{18}, Term{1}, 0, true})->commit_index, 18U);
  EXPECT_FALSE(observed(trace::Appended{Index{5}, Term{1}, {{Term{1}, 5}}})->commit_index);
}

TEST(Observe, passes_over_what_the_nemesis_does_not_know_and_refuses_garbage) {
  EXPECT_FALSE(observed(trace::MutantReached{"A1"}));
  EXPECT_THROW(observe(n1, "what?"), std::runtime_error);
}

}  // namespace
}  // namespace sunder::harness
