// Replication: AppendEntries on both sides and commitment (§5.3, §5.4.2), and linearizable reads by
// rounds of heartbeats or a lease (§8, thesis 6.4).

#include <algorithm>

#include "node/check.h"
#include "node/raft/raft.h"

namespace sunder::raft {

/// §5.2: a message of this term's leader arrived, so a candidate of this term has lost.
void Raft::follow(NodeId leader) {
  CHECK(role_ != Role::leader, "term {} has two leaders, {} and {}", hard_state_.term.value,
        options_.id.value, leader.value);
  if (role_ != Role::follower || leader_ != leader) become_follower(leader);
  leader_heard_ = now_;
  reset_election_timer();
}

void Raft::on(const Message& message, const AppendEntries& request) {
  follow(message.from);
  if (!rules_.entry_matches(log_, request.previous)) {
    send(message.from, AppendReply{.accepted = false,
                                   .index = request.previous.index,
                                   .hint = rules_.conflict_hint(log_, request.previous),
                                   .round = request.round});
    return;
  }
  accept_entries(request.entries);
  // The reply leaves after the entries are durable (Output::messages): the leader counts it towards
  // commitment, and an entry that only a page cache holds would be lost with the power.
  const auto verified =
      rules_.match_after_append(log_, request.previous.index, request.entries.size());
  set_commit_index(
      rules_.follower_commit_index(log_, commit_index_, request.commit_index, verified));
  send(message.from,
       AppendReply{.accepted = true, .index = verified, .hint = {}, .round = request.round});
}

/// §5.3: the log changes only from the first conflict on. A delayed message must not remove entries
/// that were acknowledged after it was sent.
void Raft::accept_entries(const std::vector<EntryPtr>& entries) {
  const auto first = rules_.first_conflict(log_, entries);
  if (!first) return;
  // No leader has a conflict with a committed entry (leader completeness), so this is a broken
  // invariant. Truncating would lose an entry that was applied.
  CHECK(*first > commit_index_, "the leader of term {} replaces entry {}, committed are {}",
        hard_state_.term.value, first->value, commit_index_.value);
  if (*first <= log_.last().index) truncate_log(*first);
  for (const auto& entry : entries) {
    if (entry->position.index >= *first) append_to_log(entry);
  }
}

void Raft::heartbeat() {
  heartbeat_due_ = now_ + options_.election_timeout / 5;
  if (options_.check_quorum) {
    // Thesis 6.2. After 2T every server that does not receive our heartbeats has started an
    // election.
    const auto longest_election_timeout = 2 * options_.election_timeout;
    const auto heard_lately = [&](NodeId node) {
      return node == options_.id ||
             now_ - progress_.at(node).last_heard() < longest_election_timeout;
    };
    if (!rules_.leader_has_quorum(configuration(), heard_lately)) {
      become_follower(std::nullopt);
      return;
    }
  }
  for (auto& [node, progress] : progress_) progress.retry_probe();
  begin_round();
}

/// Every follower gets a message. A reply to it proves that the follower accepted this leader after
/// the round began.
void Raft::begin_round() {
  ++round_;
  broadcast_due_ = true;
  if (!options_.lease) return;
  round_begun_.emplace(round_, now_);
  round_begun_.erase(round_begun_.begin(), round_begun_.lower_bound(quorum_round()));
}

/// The last round that a quorum acknowledged. This server's own acknowledgement is immediate.
std::uint64_t Raft::quorum_round() const {
  return rules_.quorum_value(configuration(), [&](NodeId node) {
    return node == options_.id ? round_ : progress_.at(node).acknowledged_round();
  });
}

/// The time since when a quorum has answered.
Time Raft::quorum_heard() const {
  const auto heard = rules_.quorum_value(configuration(), [&](NodeId node) {
    const auto time = node == options_.id ? now_ : progress_.at(node).last_heard();
    return static_cast<std::uint64_t>(time.count());
  });
  return Time{static_cast<Time::rep>(heard)};
}

bool Raft::has_lease() const {
  if (!options_.lease || lease_given_up_) return false;
  const auto begun = round_begun_.find(quorum_round());
  if (begun == round_begun_.end()) return false;
  // Followers promise T on their own clocks, which may run faster than ours by a tenth.
  const auto lease = options_.election_timeout * 9 / 10;
  const auto since = rules_.lease_began(begun->second, [this] { return quorum_heard(); });
  return rules_.lease_holds(now_ - since, lease);
}

/// Sends every follower the entries, snapshot piece or heartbeat that it may get now.
void Raft::replicate() {
  advance_membership();
  advance_transfer();
  if (role_ != Role::leader) return;
  begin_reads();
  for (auto& [node, progress] : progress_) {
    const auto sent_before = output_.replication.size();
    if (progress.mode() == Progress::Mode::snapshot) {
      send_snapshot(node, progress);
    } else {
      send_entries(node, progress);
    }
    if (broadcast_due_ && output_.replication.size() == sent_before) {
      send_append(node, progress, {});
    }
  }
  broadcast_due_ = false;
  confirm_reads();
}

void Raft::send_entries(NodeId node, Progress& progress) {
  while (progress.next() <= log_.last().index &&
         progress.may_send_entries(options_.max_in_flight)) {
    if (progress.next().previous() < log_.edge().index) {
      progress.begin_snapshot(snapshot_);
      send_snapshot(node, progress);
      return;
    }
    auto entries = log_.from(progress.next(), options_.max_append_bytes);
    const auto last = entries.back()->position.index;
    // Before the leader's own disk has them: safe, because a leader counts its own copy only when
    // it is durable (thesis 10.2.1).
    send_append(node, progress, std::move(entries));
    progress.sent_entries(last);
  }
}

void Raft::send_append(NodeId node, const Progress& progress, std::vector<EntryPtr> entries) {
  // A follower that needs the snapshot refuses this message, but it still serves as a heartbeat.
  const auto previous = std::max(progress.next().previous(), log_.edge().index);
  send(node, AppendEntries{.previous = {*log_.term_at(previous), previous},
                           .entries = std::move(entries),
                           .commit_index = commit_index_,
                           .round = round_});
}

void Raft::on(const Message& message, const AppendReply& reply) {
  const auto found = progress_.find(message.from);
  if (role_ != Role::leader || found == progress_.end()) return;
  auto& progress = found->second;
  // A refusal counts for the round, too: the follower is in this term and accepts this leader.
  progress.heard(now_, reply.round);
  if (reply.accepted) {
    CHECK(reply.index <= log_.last().index, "{} acknowledged {}, last is {}", message.from.value,
          reply.index.value, log_.last().index.value);
    if (progress.accepted(reply.index)) advance_commit_index();
  } else if (progress.is_fresh_refusal(reply.index)) {
    progress.refused(rules_.next_after_refusal(log_, reply.index, reply.hint));
  }
  confirm_reads();
}

/// §5.3: an entry is committed when a majority has it on disk, of both sets of voters in a joint
/// configuration. The leader's own copy counts like the others, when it is durable.
void Raft::advance_commit_index() {
  const auto match_of = [&](NodeId node) {
    return node == options_.id ? log_.durable().value : progress_.at(node).match().value;
  };
  const Index quorum_match{rules_.quorum_value(configuration(), match_of)};
  set_commit_index(rules_.leader_commit_index(log_, commit_index_, quorum_match, hard_state_.term));
}

/// All reads that arrived since the last round share the next one (thesis 6.4).
void Raft::begin_reads() {
  if (new_reads_.empty()) return;
  // Until this leader has committed an entry of its term, the reads wait.
  if (!rules_.may_begin_reads(log_, commit_index_, hard_state_.term)) return;
  if (has_lease()) {
    output_.reads.insert(output_.reads.end(), new_reads_.begin(), new_reads_.end());
  } else {
    const auto round = rules_.round_of_reads(round_);
    if (round > round_) begin_round();
    for (const auto id : new_reads_) pending_reads_.push_back({id, round});
  }
  new_reads_.clear();
}

/// The shell applies Output::committed before it answers Output::reads (output.h), so a confirmed
/// read sees every entry that was committed when it began.
void Raft::confirm_reads() {
  const auto acknowledged_round = [&](NodeId node) {
    return node == options_.id ? round_ : progress_.at(node).acknowledged_round();
  };
  while (!pending_reads_.empty()) {
    const auto& read = pending_reads_.front();
    if (!rules_.read_is_confirmed(configuration(), acknowledged_round, read.round)) return;
    output_.reads.push_back(read.id);
    pending_reads_.pop_front();
  }
}

}  // namespace sunder::raft
