#pragma once
// The five properties of Raft (Figure 3), watched over a whole cluster from what its nodes trace:
// election safety, leader append-only, log matching, leader completeness, state machine safety.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "node/api/trace.h"

namespace sunder::simulator {

class Safety {
 public:
  void observe(NodeId node, Term term, const trace::Event& event);

  /// What was broken, in order; empty if nothing.
  const std::vector<std::string>& violations() const { return violations_; }
  void violated(std::string what) { violations_.push_back(std::move(what)); }

  std::uint64_t count_of(std::string_view event_name) const;
  Index last_committed() const;

 private:
  struct Node {
    bool leads = false;
    Index edge;
    std::vector<trace::EntryDigest> log;
    Index applied;
  };
  struct Committed {
    trace::EntryDigest entry;
    /// In whose term it was first seen committed.
    Term term;
  };
  struct Known {
    trace::EntryDigest entry;
    Term previous_term;
  };

  void on(NodeId node, Term term, const trace::Started& event);
  void on(NodeId node, Term term, const trace::BecameLeader& event);
  void on(NodeId node, Term term, const trace::BecameFollower& event);
  void on(NodeId node, Term term, const trace::Appended& event);
  void on(NodeId node, Term term, const trace::Truncated& event);
  void on(NodeId node, Term term, const trace::Committed& event);
  void on(NodeId node, Term term, const trace::Applied& event);
  void on(NodeId node, Term term, const trace::SnapshotTaken& event);
  void on(NodeId node, Term term, const trace::SnapshotInstalled& event);
  template <typename Other>
  void on(NodeId, Term, const Other&) {}

  const trace::EntryDigest* entry_of(const Node& node, Index index) const;

  std::map<NodeId, Node> nodes_;
  std::map<Term, NodeId> leaders_;
  std::map<std::pair<Index, Term>, Known> entries_;
  std::map<Index, Committed> committed_;
  std::map<Index, trace::EntryDigest> applied_;
  std::map<std::string, std::uint64_t, std::less<>> counts_;
  std::vector<std::string> violations_;
};

}  // namespace sunder::simulator
