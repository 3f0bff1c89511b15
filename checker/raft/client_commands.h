#pragma once
// Compares what clients were answered with what the nodes applied. An answer that names the log
// entry of its command (history::Answer) is a promise: that entry is applied, by a majority.
// Commands that no answer names come from requests without an answer, or nobody asked for them.

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "checker/history/operation.h"
#include "checker/raft/property.h"

namespace sunder::checker::raft {

class ClientCommands final : public Property {
 public:
  ClientCommands() : Property("client commands", {Witness::history}) {}

  /// The operations of the whole run. `caught_up_to`: every node had committed up to that entry
  /// when the run ended, by the history.
  void heard(std::span<const history::Operation> operations, std::optional<Index> caught_up_to);

  void observe(const trace::Record& record, const NodeState& state) override;
  void finish(const Gaps& gaps) override;
  bool applies() const override { return !answers_.empty(); }
  std::string looked_at() const override;

 private:
  /// An answer that names its command's entry.
  struct Answer {
    /// "client 3 was answered ok by n2: its write of 17 to \"k1\" is entry 9 of term 4"
    std::string words;
    std::string node;
    history::Time time{0};
    EntryKey entry;
    trace::Digest digest = 0;
    bool is_ok = false;
  };
  struct Applied {
    trace::EntryDigest entry;
    Sighting sighting;
  };

  void note_internal_entry(const trace::Record& record, const NodeState& state);
  void check(const Answer& answer);
  void check_majority(const Answer& answer);
  void check_origins();

  std::vector<Answer> answers_;
  std::unordered_set<trace::Digest> answered_;
  /// Updates that may have been taken without an answer.
  std::size_t unanswered_ = 0;
  std::optional<Index> caught_up_to_;

  std::map<std::uint64_t, Applied> applied_;
  struct Progress {
    /// The last entry that the node's state includes.
    Index applied;
    /// When it committed up to where, each further than the one before.
    std::vector<std::pair<history::Time, Index>> commits;
    /// Of its last record.
    history::Time end{0};

    /// Whether it applied the entry, or had just committed it when its trace ended.
    bool includes(Index index) const;
  };
  std::map<NodeId, Progress> nodes_;
  /// Leaders that have appended nothing yet. Their first entry is no command.
  std::set<NodeId> elected_;
  std::unordered_set<EntryKey, EntryKeyHash> internal_;
  /// The latest configuration of any node.
  std::optional<trace::Configuration> latest_;
};

}  // namespace sunder::checker::raft
