// Snapshots (§7). A leader sends its snapshot in pieces to a follower whose next entry is compacted
// away. The follower replaces its state machine and its log up to the snapshot's last entry.

#include <algorithm>

#include "node/check.h"
#include "node/raft/raft.h"

namespace sunder::raft {

void Raft::compact(SnapshotPtr snapshot, std::uint64_t kept_entries) {
  const auto last = snapshot->last;
  // Only applied entries are in the state machine. A snapshot that replaced others would lose them.
  CHECK(last.index <= handed_commits_, "snapshot at {}, applied {}", last.index.value,
        handed_commits_.value);
  if (snapshot_ && last.index <= snapshot_->last.index) return;
  emit(trace::SnapshotTaken{last.index, last.term, snapshot->digest()});
  snapshot_ = std::move(snapshot);
  const Index edge{last.index.value - std::min(kept_entries, last.index.value)};
  if (edge <= log_.edge().index) return;
  // The term at the edge stays known: the consistency check of the next AppendEntries needs it, and
  // a follower at the edge would otherwise refuse every message.
  log_.compact({*log_.term_at(edge), edge});
  forget_configurations_before(edge);
}

void Raft::send_snapshot(NodeId node, Progress& progress) {
  if (!progress.may_send_piece()) return;
  const auto& snapshot = *progress.snapshot();
  const auto offset = progress.snapshot_offset();
  send(node, InstallSnapshot{.last = snapshot.last,
                             .configuration = snapshot.configuration,
                             .configuration_index = snapshot.configuration_index,
                             .offset = offset,
                             .size_bytes = snapshot.data.size(),
                             .piece = snapshot.data.substr(offset, options_.snapshot_piece_bytes),
                             .round = round_});
  progress.sent_piece();
}

void Raft::on(const Message& message, const InstallSnapshot& request) {
  follow(message.from);
  SnapshotReply reply{.last = request.last, .round = request.round};
  if (!rules_.installs_snapshot(commit_index_, request.last.index)) {
    // All its entries are committed here: an earlier reply was lost, or a piece arrived late.
    reply.installed = true;
    send(message.from, reply);
    return;
  }
  if (!incoming_ || incoming_->last != request.last) incoming_ = {request.last, {}};
  if (rules_.piece_fits(request.offset, incoming_->data.size())) incoming_->data += request.piece;
  reply.received_bytes = incoming_->data.size();
  if (incoming_->data.size() == request.size_bytes) {
    install(request);
    reply.installed = true;
  }
  send(message.from, reply);
}

/// The snapshot replaces the state machine and is never merged into it: keys that the leader
/// deleted must disappear. The log after the snapshot stays only if it matches at the snapshot's
/// last entry.
void Raft::install(const InstallSnapshot& request) {
  const auto last = request.last;
  const bool keeps_suffix = rules_.keeps_suffix(log_, last);
  snapshot_ = std::make_shared<const Snapshot>(Snapshot{
      last, request.configuration, request.configuration_index, std::move(incoming_->data)});
  incoming_.reset();
  if (keeps_suffix) {
    log_.compact(last);
    configurations_.erase(configurations_.begin(), configurations_.upper_bound(last.index));
  } else {
    log_.reset(last);
    configurations_.clear();
  }
  // The replaced entries included the configurations up to the snapshot, so the snapshot's own is
  // in force now.
  configurations_[request.configuration_index] = request.configuration;
  // Forward only: rules::installs_snapshot refused snapshots that end at or before the commit
  // index.
  commit_index_ = last.index;
  handed_commits_ = last.index;
  // If entries before the snapshot's end were replaced in this step, only memory has them. The disk
  // still has the conflicting ones, and behind them a suffix that must go.
  output_.keeps_stored_suffix = keeps_suffix && handed_log_ >= last.index;
  if (!output_.keeps_stored_suffix) handed_log_ = last.index;
  output_.snapshot = snapshot_;
  emit(trace::SnapshotInstalled{last.index, last.term, snapshot_->digest(), keeps_suffix});
  emit(traced(configurations_.rbegin()->first, configuration()));
}

void Raft::on(const Message& message, const SnapshotReply& reply) {
  const auto found = progress_.find(message.from);
  if (role_ != Role::leader || found == progress_.end()) return;
  auto& progress = found->second;
  progress.heard(now_, reply.round);
  // A late reply about an earlier snapshot says nothing about this one.
  if (progress.mode() == Progress::Mode::snapshot && progress.snapshot()->last == reply.last) {
    if (reply.installed) {
      progress.snapshot_installed();
      advance_commit_index();
    } else {
      progress.piece_received(reply.received_bytes);
    }
  }
  confirm_reads();
}

}  // namespace sunder::raft
