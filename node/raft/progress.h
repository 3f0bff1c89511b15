#pragma once
// A leader's state for one follower, and its flow control.
//   probing:   the leader does not know where the logs agree; one message at a time
//   streaming: the logs agree up to `match`; messages are sent without waiting for replies
//   snapshot:  the follower needs entries that are compacted away; the snapshot goes first
// Invariant: match < next.

#include <cstdint>
#include <deque>

#include "node/raft/snapshot.h"
#include "node/raft/types.h"

namespace sunder::raft {

class Progress {
 public:
  enum class Mode { probing, streaming, snapshot };

  Progress(Index last, Time now) : next_(last.next()), last_heard_(now) {}

  Mode mode() const { return mode_; }
  Index match() const { return match_; }
  /// The next entry to send.
  Index next() const { return next_; }
  std::uint64_t acknowledged_round() const { return acknowledged_round_; }
  Time last_heard() const { return last_heard_; }
  /// The clock was set back by so much.
  void set_back(Time span) { last_heard_ -= span; }

  bool may_send_entries(std::size_t max_in_flight) const;
  void sent_entries(Index last);

  void heard(Time now, std::uint64_t round);
  /// Returns whether `match` increased.
  bool accepted(Index match);
  /// Whether a refusal of `previous` is about the latest attempt. A late one must be ignored, or it
  /// would restart the search.
  bool is_fresh_refusal(Index previous) const;
  void refused(Index next_attempt);
  /// Called with each heartbeat: a probe that is not answered by then may be lost and is repeated.
  void retry_probe() { probe_under_way_ = false; }

  /// Starts to send the snapshot, one piece at a time. A piece without a reply is repeated with
  /// each heartbeat.
  void begin_snapshot(SnapshotPtr snapshot);
  const SnapshotPtr& snapshot() const { return snapshot_; }
  bool may_send_piece() const { return !probe_under_way_; }
  std::uint64_t snapshot_offset() const { return snapshot_offset_; }
  void sent_piece() { probe_under_way_ = true; }
  void piece_received(std::uint64_t received_bytes);
  void snapshot_installed();

 private:
  void probe_from(Index next);

  Mode mode_ = Mode::probing;
  Index match_;
  Index next_;
  /// A probe or a piece of the snapshot was sent and has no reply yet.
  bool probe_under_way_ = false;
  SnapshotPtr snapshot_;
  std::uint64_t snapshot_offset_ = 0;
  /// The last entry of each message that was sent and is not acknowledged.
  std::deque<Index> in_flight_;
  std::uint64_t acknowledged_round_ = 0;
  Time last_heard_;
};

}  // namespace sunder::raft
