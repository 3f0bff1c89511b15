#pragma once
// The log in memory: the entries behind the edge of the latest snapshot (0 without one).
// Invariant: indexes are consecutive and terms never fall.
// `durable` is how far the disk is known to hold the same log; it moves back when a suffix is
// replaced, or a leader would count entries towards commitment that it may still lose.

#include <deque>
#include <optional>
#include <vector>

#include "node/raft/types.h"

namespace sunder::raft {

class Log {
 public:
  /// `entries` are durable already.
  Log(LogPosition edge, const std::vector<EntryPtr>& entries);

  LogPosition edge() const { return edge_; }
  LogPosition last() const { return entries_.empty() ? edge_ : entries_.back()->position; }
  Index durable() const { return durable_; }

  /// Nothing before the edge or behind the end; the edge's own term is known.
  std::optional<Term> term_at(Index index) const;
  const Entry& at(Index index) const;

  /// The last position not behind `index` with a term not later than `term`; at least the edge.
  LogPosition last_not_later(Index index, Term term) const;

  /// Entries from `first` on, at least one if there is one, at most about `max_bytes`.
  std::vector<EntryPtr> from(Index first, std::size_t max_bytes) const;
  /// Entries from `first` to `last`.
  std::vector<EntryPtr> between(Index first, Index last) const;

  void append(EntryPtr entry);
  /// Removes every entry from `first` on.
  void truncate(Index first);
  void set_durable(Index index);

  /// Forgets the entries up to `edge`, which is inside the log.
  void compact(LogPosition edge);
  /// Forgets everything; the next entry stands right behind `edge`.
  void reset(LogPosition edge);

 private:
  std::size_t offset_of(Index index) const;

  LogPosition edge_;
  std::deque<EntryPtr> entries_;
  Index durable_;
};

}  // namespace sunder::raft
