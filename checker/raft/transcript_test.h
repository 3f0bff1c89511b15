#pragma once
// Runs for the tests of the properties, written event by event.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "checker/raft/invariants.h"

namespace sunder::checker::raft {

using trace::Acknowledged;
using trace::Appended;
using trace::Applied;
using trace::BecameCandidate;
using trace::BecameFollower;
using trace::BecameLeader;
using trace::Committed;
using trace::Configuration;
using trace::DiskDamaged;
using trace::ElectionTimeout;
using trace::EntryDigest;
using trace::OnDisk;
using trace::Sent;
using trace::SnapshotInstalled;
using trace::SnapshotTaken;
using trace::Started;
using trace::State;
using trace::Truncated;
using trace::VoteGranted;

/// The events of a run in the order of time.
class Transcript {
 public:
  Transcript& say(int node, std::uint64_t term, trace::Event event) {
    records_.push_back(
        {std::chrono::milliseconds{++now_}, NodeId{node}, Term{term}, std::move(event)});
    return *this;
  }

  Transcript& wait(int milliseconds) {
    now_ += milliseconds;
    return *this;
  }

  /// Three new nodes; node 1 leads term 1, and entry 1 is on all of them and committed.
  static Transcript with_leader() {
    Transcript transcript;
    for (const int node : {1, 2, 3}) {
      transcript.say(node, 0, Started{}).say(node, 0, three_voters());
    }
    transcript.say(1, 1, BecameCandidate{}).say(1, 1, VoteGranted{NodeId{1}});
    transcript.say(2, 1, BecameFollower{}).say(2, 1, VoteGranted{NodeId{1}});
    transcript.say(1, 1, BecameLeader{Index{0}});
    for (const int node : {1, 2, 3}) transcript.say(node, 1, append(1, 0, {{Term{1}, 11}}));
    for (const int node : {1, 2, 3}) transcript.say(node, 1, Committed{Index{1}});
    for (const int node : {1, 2, 3}) transcript.say(node, 1, Applied{Index{1}, {{Term{1}, 11}}});
    return transcript;
  }

  static Configuration three_voters() {
    return {Index{0}, {NodeId{1}, NodeId{2}, NodeId{3}}, {}, {}};
  }

  /// A majority votes for the node, which becomes leader; its log ends at `last`.
  Transcript& elect(int node, std::uint64_t term, int supporter, std::uint64_t last) {
    say(node, term, BecameCandidate{}).say(node, term, VoteGranted{NodeId{node}});
    say(supporter, term, BecameFollower{}).say(supporter, term, VoteGranted{NodeId{node}});
    return say(node, term, BecameLeader{Index{last}});
  }

  static Appended append(std::uint64_t first, std::uint64_t previous_term,
                         std::vector<EntryDigest> entries) {
    return {Index{first}, Term{previous_term}, std::move(entries)};
  }

  /// Checks the run node by node, as files are read, and in the order of time: same results.
  std::map<std::string, CheckResult> judge() const {
    Invariants by_time;
    for (const auto& record : records_) by_time.observe(record);
    auto sorted = records_;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& left, const auto& right) { return left.node > right.node; });
    Invariants by_node;
    for (const auto& record : sorted) by_node.observe(record);
    std::map<std::string, CheckResult> results;
    for (auto& result : by_time.finish()) results[result.name] = std::move(result);
    for (const auto& result : by_node.finish()) {
      EXPECT_EQ(results[result.name].validity, result.validity) << result.name;
    }
    return results;
  }

  std::vector<std::string> broken() const {
    std::vector<std::string> names;
    for (const auto& [name, result] : judge()) {
      if (result.validity == Validity::invalid) names.push_back(name);
    }
    return names;
  }

  const std::vector<trace::Record>& records() const { return records_; }

 private:
  std::vector<trace::Record> records_;
  std::int64_t now_ = 0;
};

inline const auto append = Transcript::append;

/// Leader 1 appends entries that no other node gets; 2 is elected; 1 steps down and catches up; 3
/// restarts; 2 takes a snapshot, which 1 installs after its own restart.
inline Transcript eventful_run() {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}, {Term{1}, 13}}));
  run.say(2, 2, BecameCandidate{}).say(2, 2, VoteGranted{NodeId{2}});
  run.say(3, 2, BecameFollower{}).say(3, 2, VoteGranted{NodeId{2}});
  run.say(2, 2, BecameLeader{Index{1}});
  run.say(2, 2, append(2, 1, {{Term{2}, 22}})).say(3, 2, append(2, 1, {{Term{2}, 22}}));
  run.say(2, 2, Committed{Index{2}}).say(2, 2, Applied{Index{2}, {{Term{2}, 22}}});
  run.say(3, 2, Started{NodeId{2}, {}, {}, {{Term{1}, 11}, {Term{2}, 22}}});
  run.say(3, 2, Committed{Index{2}});
  run.say(3, 2, Applied{Index{1}, {{Term{1}, 11}, {Term{2}, 22}}});
  run.say(1, 2, BecameFollower{NodeId{2}}).say(1, 2, Truncated{Index{2}});
  run.say(1, 2, append(2, 1, {{Term{2}, 22}}));
  run.say(2, 2, append(3, 2, {{Term{2}, 23}})).say(3, 2, append(3, 2, {{Term{2}, 23}}));
  run.say(2, 2, Committed{Index{3}}).say(2, 2, Applied{Index{3}, {{Term{2}, 23}}});
  run.say(2, 2, SnapshotTaken{Index{3}, Term{2}, 99});
  run.say(1, 2, Started{std::nullopt, {}, {}, {{Term{1}, 11}, {Term{2}, 22}}});
  run.say(1, 2, SnapshotInstalled{Index{3}, Term{2}, 99, false});
  run.say(2, 2, append(4, 2, {{Term{2}, 24}})).say(1, 2, append(4, 2, {{Term{2}, 24}}));
  run.say(2, 2, Committed{Index{4}}).say(1, 2, Committed{Index{4}});
  run.say(1, 2, Applied{Index{4}, {{Term{2}, 24}}}).say(2, 2, Applied{Index{4}, {{Term{2}, 24}}});
  run.elect(1, 3, 2, 4).say(1, 3, append(5, 2, {{Term{3}, 35}}));
  run.say(2, 3, BecameFollower{NodeId{1}}).say(2, 3, append(5, 2, {{Term{3}, 35}}));
  run.say(1, 3, Committed{Index{5}}).say(1, 3, Applied{Index{5}, {{Term{3}, 35}}});
  run.say(2, 3, Started{NodeId{1}, Index{3}, Term{2}, {{Term{2}, 24}, {Term{3}, 35}}});
  run.say(2, 3, Committed{Index{5}});
  run.say(2, 3, Applied{Index{4}, {{Term{2}, 24}, {Term{3}, 35}}});
  return run;
}

}  // namespace sunder::checker::raft
