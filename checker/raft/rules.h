#pragma once
// The rules from which the five properties follow. A broken rule shows long before the harm that it
// may do, and often where none is done.

#include <compare>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checker/raft/property.h"

namespace sunder::checker::raft {

/// A leader has the votes of a majority of its voters, of both sets while they change (§5.2, §6).
class ElectionMajority final : public Property {
 public:
  ElectionMajority() : Property("election majority") {}
  void observe(const trace::Record& record, const Replica& replica) override;
  void finish(bool traces_are_whole) override;
  std::string looked_at() const override;

 private:
  struct Election {
    Sighting sighting;
    Voters voters;
  };
  std::vector<Election> elections_;
  /// When each voter gave its vote of a term to the candidate first.
  std::map<std::pair<Term, NodeId>, std::map<NodeId, history::Time>> votes_;
};

/// Nobody votes for a candidate whose log is less up to date than its own (§5.4.1).
class ElectionRestriction final : public Property {
 public:
  ElectionRestriction() : Property("election restriction") {}
  void observe(const trace::Record& record, const Replica& replica) override;
  void finish(bool traces_are_whole) override;
  std::string looked_at() const override;

 private:
  /// The end of a node's log when it asked for votes or gave one; compared like that.
  struct LogEnd {
    Term term;
    Index index;
    auto operator<=>(const LogEnd&) const = default;
  };
  struct Candidacy {
    Sighting sighting;
    LogEnd end;
  };
  struct Vote {
    Sighting sighting;
    NodeId candidate;
    LogEnd end;
  };
  static LogEnd end_of(const Log& log);

  std::map<std::pair<Term, NodeId>, Candidacy> candidacies_;
  std::vector<Vote> votes_;
};

/// Whoever voted for another lets it lead before it stands itself, and everyone waits for a time of
/// its own, so that votes are not split for ever (§5.2).
class ElectionTimer final : public Property {
 public:
  ElectionTimer() : Property("election timer") {}
  void observe(const trace::Record& record, const Replica& replica) override;
  void finish(bool traces_are_whole) override;
  std::string looked_at() const override;

 private:
  struct Vote {
    Sighting sighting;
    NodeId candidate;
  };
  /// A candidate stood again in the next term, and nothing else happened to it in between.
  struct Wait {
    Sighting begun;
    Sighting over;
    history::Time length() const { return over.time - begun.time; }
  };
  /// A vote, and the node's next candidacy.
  struct Change {
    Vote vote;
    Sighting candidacy;
    history::Time least;
  };
  struct Node {
    /// By the machine's clock; unknown at times.
    std::optional<history::Time> least;
    std::optional<Vote> vote;
    std::optional<Sighting> candidacy;
  };
  void stand(const Sighting& sighting, bool leadership_transfer, Node& node);
  void check_waits();

  std::map<NodeId, Node> nodes_;
  /// When each node stood in each term.
  std::map<std::pair<Term, NodeId>, history::Time> candidacies_;
  std::vector<Change> changes_;
  std::vector<Wait> waits_;
};

/// Everyone goes by the latest configuration in its log, also after a restart (§6). A leader
/// changes it only when the one before and an entry of its own term are committed (thesis §4.1),
/// and to one whose majorities overlap with those before.
class ConfigurationRule final : public Property {
 public:
  ConfigurationRule() : Property("configuration") {}
  void observe(const trace::Record& record, const Replica& replica) override;
  std::string looked_at() const override;

 private:
  struct Known {
    Sighting sighting;
    /// Of its entry in the log.
    Term term;
    Voters voters;
  };
  struct Node {
    /// Those whose entries are in its log or before its edge, by their place.
    std::map<Index, Known> configurations;
    Index commit_index;
  };
  static void forget_what_is_gone(Node& node, const Log& log);
  void take_over(const trace::Record& record, const trace::Configuration& configuration,
                 const Replica& replica, Node& node);
  void check_change(const Known& before, Index before_at, const Known& after, Index after_at,
                    const Replica& replica, const Node& node);

  std::map<NodeId, Node> nodes_;
  std::size_t seen_ = 0;
};

/// A leader commits by counting only up to an entry of its own term (§5.4.2), and only what a
/// majority of its voters holds (§5.3). Nobody's commit index goes back while it is up.
class Commitment final : public Property {
 public:
  Commitment() : Property("commitment") {}
  void observe(const trace::Record& record, const Replica& replica) override;
  void finish(bool traces_are_whole) override;
  std::string looked_at() const override;

 private:
  struct Commit {
    Sighting sighting;
    Index index;
    Term entry_term;
    Voters voters;
  };
  struct Edge {
    history::Time time{0};
    Index index;
  };
  void commit(const trace::Record& record, const trace::Committed& event, const Replica& replica);
  void hold(const trace::Record& record, Index first,
            const std::vector<trace::EntryDigest>& entries);
  void hold_snapshot(const trace::Record& record, Index edge);
  bool held(NodeId node, const Commit& commit) const;

  /// Of leaders.
  std::vector<Commit> commits_;
  std::map<NodeId, Sighting> elected_;
  std::map<NodeId, std::pair<Sighting, Index>> furthest_;
  /// When a node had the entry first, and how far its snapshots reached.
  std::map<NodeId, std::unordered_map<EntryKey, history::Time, EntryKeyHash>> held_since_;
  std::map<NodeId, std::vector<Edge>> edges_;
};

/// What a node acknowledged to a leader, seen on the wire, is in its log when it starts again,
/// unless a later leader made it give the entries up.
class Acknowledgement final : public Property {
 public:
  Acknowledgement() : Property("acknowledgement") {}
  void observe(const trace::Record& record, const Replica& replica) override;
  void finish(bool traces_are_whole) override;
  std::string looked_at() const override;

 private:
  struct Promise {
    Sighting sighting;
    Index last;
  };
  /// Everything behind `last` was removed from the log.
  struct Removal {
    history::Time time{0};
    Term term;
    Index last;
  };
  /// What a node started with, against the log that it had before.
  struct Start {
    Sighting sighting;
    Index same_up_to;
  };
  struct Node {
    std::vector<Promise> promises;
    std::vector<Removal> removals;
    std::vector<Start> starts;
    /// Its log is empty, and it has not said yet in what cluster.
    std::optional<Start> emptied;
  };
  static void observe_node(const trace::Record& record, const Replica& replica, Node& node);
  void check(const Node& node, const Start& start, history::Time since);

  std::map<NodeId, Node> nodes_;
  std::size_t promises_ = 0;
};

}  // namespace sunder::checker::raft
