#include "node/raft/progress.h"

#include <algorithm>
#include <utility>

#include "node/check.h"

namespace sunder::raft {

bool Progress::may_send_entries(std::size_t max_in_flight) const {
  switch (mode_) {
    case Mode::probing:
      return !probe_under_way_;
    case Mode::streaming:
      return in_flight_.size() < max_in_flight;
    case Mode::snapshot:
      return false;
  }
  return false;
}

void Progress::sent_entries(Index last) {
  if (mode_ == Mode::probing) {
    probe_under_way_ = true;
    return;
  }
  CHECK(last >= next_, "sent up to {}, next {}", last.value, next_.value);
  in_flight_.push_back(last);
  next_ = last.next();
}

void Progress::heard(Time now, std::uint64_t round) {
  last_heard_ = now;
  acknowledged_round_ = std::max(acknowledged_round_, round);
}

/// Replies can be duplicated and reordered, so a smaller `match` changes nothing (match index is
/// monotonic). It comes from the reply, never from what was sent: a sent message may be lost, and
/// counting it would commit entries that no majority has.
bool Progress::accepted(Index match) {
  const bool moved = match > match_;
  match_ = std::max(match_, match);
  next_ = std::max(next_, match_.next());
  while (!in_flight_.empty() && in_flight_.front() <= match_) in_flight_.pop_front();
  if (mode_ == Mode::probing && match.next() >= next_) {
    mode_ = Mode::streaming;
    probe_under_way_ = false;
  }
  return moved;
}

bool Progress::is_fresh_refusal(Index previous) const {
  switch (mode_) {
    case Mode::probing:
      return previous == next_.previous();
    case Mode::streaming:
      return previous > match_;
    case Mode::snapshot:
      return false;
  }
  return false;
}

void Progress::refused(Index next_attempt) {
  probe_from(std::max(match_.next(), next_attempt));
}

void Progress::begin_snapshot(SnapshotPtr snapshot) {
  CHECK(snapshot != nullptr);
  mode_ = Mode::snapshot;
  snapshot_ = std::move(snapshot);
  snapshot_offset_ = 0;
  probe_under_way_ = false;
  in_flight_.clear();
}

void Progress::piece_received(std::uint64_t received_bytes) {
  snapshot_offset_ = std::min<std::uint64_t>(received_bytes, snapshot_->data.size());
  probe_under_way_ = false;
}

void Progress::snapshot_installed() {
  match_ = std::max(match_, snapshot_->last.index);
  snapshot_.reset();
  probe_from(match_.next());
}

void Progress::probe_from(Index next) {
  mode_ = Mode::probing;
  next_ = next;
  probe_under_way_ = false;
  in_flight_.clear();
}

}  // namespace sunder::raft
