#pragma once
// One property of a cluster, checked over the trace records of all nodes, and all of them.
// Records of one node arrive in order; records of different nodes may arrive in any order, so no
// property may depend on that order. Times of different nodes can be compared: a record is written
// before the messages that it causes leave the node.
// Invariant: a violation names the two events that contradict each other.

#include <array>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checker/raft/node_state.h"
#include "checker/verdict.h"

namespace sunder::checker::raft {

/// When and where something was seen.
struct Sighting {
  history::Time time{0};
  NodeId node;
  Term term;
};

/// Names one entry. By log matching, the entry and all entries before it are the same in every log.
struct EntryKey {
  Index index;
  Term term;
  bool operator==(const EntryKey&) const = default;
};
struct EntryKeyHash {
  std::size_t operator()(const EntryKey& key) const {
    return (key.index.value * 0x9e3779b97f4a7c15U) ^ key.term.value * 0xbf58476d1ce4e5b9U;
  }
};

TraceEvidence evidence(const Sighting& sighting, Index index, std::string what);

/// A kind of evidence. An event that is in no evidence of its kind did not happen, if that evidence
/// is whole.
enum class Witness {
  traces,
  states,   ///< `state`, in the traces
  wire,     ///< `sent` and `acknowledged`
  disks,    ///< `on_disk`
  history,  ///< what clients were answered
};

/// The evidence that is missing, empty, cut or garbled, with a sentence each.
struct Gaps {
  std::map<Witness, std::string> witnesses;
  /// The traces from which records are missing, so that the node's state cannot be rebuilt: what
  /// contradicts such a state proves nothing.
  std::set<NodeId> nodes;

  /// Whether the wire was watched. `sealed`: nothing of what the witness saw is missing for sure.
  enum class Wire { unwatched, watched, sealed } wire = Wire::unwatched;

  bool is_whole(Witness witness) const { return !witnesses.contains(witness); }
};

class Property {
 public:
  /// It can only be valid if this evidence is whole. All properties need the traces.
  explicit Property(std::string name, std::initializer_list<Witness> needs = {})
      : name_(std::move(name)), needs_(needs) {
    needs_.insert(Witness::traces);
  }
  virtual ~Property() = default;
  Property(const Property&) = delete;
  Property& operator=(const Property&) = delete;

  /// `state` is the node's state before the record.
  virtual void observe(const trace::Record& record, const NodeState& state) = 0;
  /// Called after the last record of the last node.
  virtual void finish(const Gaps&) {}
  /// Whether the run recorded what the property is about. Old runs record less.
  virtual bool applies() const { return true; }
  /// What was checked, for a valid result.
  virtual std::string looked_at() const = 0;

  bool needs(Witness witness) const { return needs_.contains(witness); }
  /// `unknown` if evidence that it needs has gaps, unless a violation does not depend on them.
  CheckResult result(const Gaps& gaps) const;

 protected:
  /// Of the violations by the same nodes, keeps the one whose second event is the earliest.
  void violate(std::string sentence, TraceEvidence left, TraceEvidence right);
  /// Why the result is `unknown` if nothing is violated. Keeps the first reason.
  void doubt(std::string reason);

 private:
  struct Violation {
    std::string sentence;
    std::array<TraceEvidence, 2> events;
    history::Time complete_at{0};
  };
  struct Violations {
    Violation first;
    std::size_t count = 0;
  };

  std::string name_;
  std::set<Witness> needs_;
  /// By the names of the two nodes.
  std::map<std::pair<std::string, std::string>, Violations> violations_;
  std::optional<std::string> doubt_;
};

// The five safety properties of Raft (Ongaro and Ousterhout 2014, Figure 3).

/// A term has at most one leader, and a node votes at most once in a term. A node traces a vote
/// when the vote is durable, so a traced vote counts even if the node crashes next. A node that is
/// seen on the wire sending as leader counts as a leader, whatever its trace says.
std::unique_ptr<Property> make_election_safety();

/// A leader never overwrites or removes entries of its own log.
std::unique_ptr<Property> make_leader_append_only();

/// If two logs, or a log and a message, have an entry with the same index and term, the entries are
/// equal, and so are all entries before them.
std::unique_ptr<Property> make_log_matching();

/// An entry committed in one term is in the log of every leader of a later term.
std::unique_ptr<Property> make_leader_completeness();

/// No two nodes apply different entries at one index. Each applies them in order, without gaps.
std::unique_ptr<Property> make_state_machine_safety();

// The rules from which the five properties follow. A broken rule shows long before the harm that it
// can do, and often in runs where it did none.

/// A leader has votes from a majority of its voters, and of both sets of voters while they change
/// (§5.2, §6).
std::unique_ptr<Property> make_election_majority();

/// No node votes for a candidate whose log is less up to date than its own (§5.4.1).
std::unique_ptr<Property> make_election_restriction();

/// A node that granted a vote resets its election timer. Election timeouts are randomized, so that
/// votes are not split again and again (§5.2).
std::unique_ptr<Property> make_election_timer();

/// Every node uses the latest configuration in its log, also after a restart (§6). A leader changes
/// it only when the previous change and an entry of the leader's own term are committed (thesis
/// §4.1), and only to a configuration whose majorities overlap with those of the previous one.
std::unique_ptr<Property> make_configuration_rule();

/// A leader commits by counting only up to an entry of its own term (§5.4.2), and only what a
/// majority of its voters holds (§5.3). No commit index moves back while its node is up.
std::unique_ptr<Property> make_commitment();

/// Entries that a node acknowledged to a leader, as seen on the wire, are in its log after a
/// restart, unless a later leader replaced them.
std::unique_ptr<Property> make_acknowledgement();

/// The entries that a node applied and its vote are on its disk when it restarts and at the end of
/// the run. A trace record of them means that they are durable, except for a snapshot that is being
/// installed. A node that starts with an empty disk and in no cluster is a newcomer.
std::unique_ptr<Property> make_durability();

/// Snapshots up to the same entry are equal: their digests, and the term of that entry.
std::unique_ptr<Property> make_snapshot_agreement();

/// Nodes that applied the same entries have the same state, values and sessions, also after a
/// snapshot's installation and a restart. Only of runs whose traces have digests of states.
std::unique_ptr<Property> make_state_agreement();

/// The term of a node never goes back, over restarts too: a node traces a term when it is durable.
/// The terms in a log never fall.
std::unique_ptr<Property> make_term_order();

/// A commit index is never beyond the log, nor beyond what leaders had committed. No node removes
/// an entry from its log that it took for committed, nor applies one before it is committed, nor
/// one that is not in its log. Any two nodes commit the same entries.
std::unique_ptr<Property> make_committed_entries();

/// What a node sent and acknowledged as seen on the wire, and what it had on its disk at a restart
/// and after the run, it had appended before by its own trace. A follower appends only what was
/// sent.
std::unique_ptr<Property> make_witness_agreement();

}  // namespace sunder::checker::raft
