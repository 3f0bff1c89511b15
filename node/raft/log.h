#pragma once
// The log in memory: the entries after the edge, which is the last entry that was compacted away (0
// if none was).
// Invariant: indexes are consecutive and terms never decrease.
// `durable` is the last index up to which the disk holds the same log. Truncation moves it back:
// otherwise a leader would count new entries at old indexes as durable and could lose them.

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

  /// Absent before the edge and after the end. The edge's own term is known.
  std::optional<Term> term_at(Index index) const;
  const Entry& at(Index index) const;

  /// The last position with at most this index and at most this term; the edge if there is none.
  LogPosition last_not_later(Index index, Term term) const;

  /// Entries from `first` on: about `max_bytes` at most, but at least one if there is one.
  std::vector<EntryPtr> from(Index first, std::size_t max_bytes) const;
  /// Entries from `first` to `last`.
  std::vector<EntryPtr> between(Index first, Index last) const;

  void append(EntryPtr entry);
  /// Removes every entry from `first` on.
  void truncate(Index first);
  void set_durable(Index index);

  /// Removes the entries up to `edge`, which is in the log.
  void compact(LogPosition edge);
  /// Removes all entries. The next entry follows `edge`.
  void reset(LogPosition edge);

 private:
  std::size_t offset_of(Index index) const;

  LogPosition edge_;
  std::deque<EntryPtr> entries_;
  Index durable_;
};

}  // namespace sunder::raft
