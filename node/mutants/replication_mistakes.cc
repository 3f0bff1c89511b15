#include <algorithm>

#include "node/mutants/mistakes.h"
#include "node/mutants/replaced_rule.h"

namespace sunder::mistakes {
namespace {

using Entries = std::vector<raft::EntryPtr>;
using Conflict = std::optional<Index>;
using raft::Log;
using raft::LogPosition;

}  // namespace

void ignore_the_term_before_the_entries(Parts& parts, const Reached& reached) {
  replace(parts.rules.entry_matches, reached, [](bool, const Log& log, LogPosition previous) {
    return previous.index <= log.last().index;
  });
}

/// A delayed message removes entries that were appended and acknowledged after it was sent.
void truncate_on_every_append(Parts& parts, const Reached& reached) {
  replace(parts.rules.first_conflict, reached,
          [](Conflict right, const Log& log, const Entries& entries) -> Conflict {
            if (entries.empty()) return right;
            return std::max(entries.front()->position.index, log.edge().index.next());
          });
}

/// An entry that the snapshot replaced is not in the log, and counts as missing.
void truncate_what_is_compacted(Parts& parts, const Reached& reached) {
  replace(parts.rules.first_conflict, reached,
          [](Conflict, const Log& log, const Entries& entries) -> Conflict {
            for (const auto& entry : entries) {
              const auto [term, index] = entry->position;
              if (log.term_at(index) != term) return index;
            }
            return std::nullopt;
          });
}

void commit_older_terms_by_counting(Parts& parts, const Reached& reached) {
  replace(parts.rules.leader_commit_index, reached,
          [](Index, const Log&, Index commit_index, Index quorum_match, Term) {
            return std::max(commit_index, quorum_match);
          });
}

/// The entries after those of the message were not compared with the leader's.
void commit_what_was_not_verified(Parts& parts, const Reached& reached) {
  replace(parts.rules.follower_commit_index, reached,
          [](Index, const Log& log, Index commit_index, Index leader_commit, Index) {
            return std::max(commit_index, std::min(leader_commit, log.last().index));
          });
}

/// The entries after those of the message may be another leader's.
void acknowledge_all_it_has(Parts& parts, const Reached& reached) {
  replace(parts.rules.match_after_append, reached,
          [](Index, const Log& log, Index, std::size_t) { return log.last().index; });
}

void move_the_commit_index_back(Parts& parts, const Reached& reached) {
  replace(parts.rules.follower_commit_index, reached,
          [](Index, const Log&, Index, Index leader_commit, Index last_verified) {
            return std::min(leader_commit, last_verified);
          });
}

/// The follower may have replaced the acknowledged entries in the meantime.
void accept_append_replies_of_older_terms(Parts& parts, const Reached& reached) {
  replace(parts.rules.is_stale, reached, [](bool right, const raft::Message& message, Term) {
    return right && !std::holds_alternative<raft::AppendReply>(message.body);
  });
}

void ask_again_at_the_same_place(Parts& parts, const Reached& reached) {
  replace(parts.rules.next_after_refusal, reached,
          [](Index, const Log&, Index refused, LogPosition) { return refused.next(); });
}

/// Entries after the leader's commit index may be committed.
void clear_its_log_on_election(Parts& parts, const Reached& reached) {
  replace(parts.rules.first_index_of_leader, reached,
          [](Index, const Log&, Index commit_index) { return commit_index.next(); });
}

}  // namespace sunder::mistakes
