// Elections: §5.2 and §5.4.1, the pre-vote (thesis 9.6), and leader stickiness (§6, thesis 4.2.3).

#include "node/check.h"
#include "node/raft/raft.h"

namespace sunder::raft {

/// Leader stickiness (§6, thesis 4.2.3): a removed server, or one that returns from a partition,
/// must not depose a leader that a majority still reaches. A leadership transfer is exempt, because
/// the leader itself asked for the election (thesis 3.10). Only the time of the last message
/// counts, not whether its sender still leads here: a late reply of a later term deposes it here,
/// but not its lease (thesis 6.4.1), for which this server answered.
bool Raft::ignores_candidate(const Message& message) const {
  const auto* request = std::get_if<RequestVote>(&message.body);
  const bool asks = request != nullptr || std::holds_alternative<PreVote>(message.body);
  if (!asks || !options_.check_quorum) return false;
  if (request != nullptr && request->leadership_transfer) return false;
  if (role_ == Role::leader) return true;
  // A restarted server does not know whether a heartbeat arrived right before the crash. If that
  // heartbeat extended a lease, a vote now could elect a second leader within the lease.
  const bool may_have_heard =
      options_.lease && rules_.keeps_its_leader(now_ - started_at_, options_.election_timeout);
  if (may_have_heard) return true;
  return leader_heard_ && rules_.keeps_its_leader(now_ - *leader_heard_, options_.election_timeout);
}

void Raft::start_election(bool leadership_transfer) {
  reset_election_timer();
  if (!rules_.takes_part_in_elections(configuration(), options_.id)) return;
  if (options_.pre_vote && !leadership_transfer) {
    become_pre_candidate();
  } else {
    become_candidate(leadership_transfer);
  }
}

void Raft::become_pre_candidate() {
  // Thesis 9.6: the term rises only if a majority would vote for this server. Otherwise a server
  // behind a partition would raise its term with each timeout and depose the leader on its return.
  // Term and vote stay: a pre-vote that cleared the vote would allow a second vote in this term.
  role_ = Role::pre_candidate;
  hard_state_ = rules_.hard_state_in(role_, hard_state_.term, hard_state_, options_.id);
  leader_ = std::nullopt;
  votes_ = {options_.id};
  if (rules_.wins_election(configuration(), votes_)) {
    become_candidate(/*leadership_transfer=*/false);
    return;
  }
  ask_voters(PreVote{log_.last()});
}

void Raft::become_candidate(bool leadership_transfer) {
  role_ = Role::candidate;
  leader_ = std::nullopt;
  // The requests go into Output::messages, which leave after the new term and the own vote are
  // durable (§5.2, thesis 3.8). Otherwise this server could restart in the old term and vote for
  // another candidate of the new one.
  hard_state_ = rules_.hard_state_in(role_, hard_state_.term.next(), hard_state_, options_.id);
  votes_ = {options_.id};
  reset_election_timer();
  emit(trace::BecameCandidate{leadership_transfer});
  emit(trace::VoteGranted{options_.id});
  if (rules_.wins_election(configuration(), votes_)) {
    become_leader();
    return;
  }
  ask_voters(RequestVote{log_.last(), leadership_transfer});
}

void Raft::become_leader() {
  CHECK(role_ == Role::candidate);
  role_ = Role::leader;
  hard_state_ = rules_.hard_state_in(role_, hard_state_.term, hard_state_, options_.id);
  leader_ = options_.id;
  votes_.clear();
  emit(trace::BecameLeader{log_.last().index});
  // §8: an entry of the own term at once. Entries of older terms are committed only with it
  // (§5.4.2), and until then this leader does not know which of them are committed.
  const LogPosition first{hard_state_.term, rules_.first_index_of_leader(log_, commit_index_)};
  accept_entries({make_entry(first, EntryType::noop, {})});
  // What followers acknowledged to this server in an earlier term, they may have replaced since.
  progress_.clear();
  for (const auto node : configuration().members()) {
    if (node != options_.id) progress_.emplace(node, Progress(first.index.previous(), now_));
  }
  round_ = 0;
  round_begun_.clear();
  lease_given_up_ = false;
  heartbeat();
}

void Raft::ask_voters(const Body& question) {
  for (const auto node : configuration().members()) {
    const bool is_asked = rules_.takes_part_in_elections(configuration(), node);
    if (node != options_.id && is_asked) send(node, question);
  }
}

void Raft::on(const Message& message, const RequestVote& request) {
  const bool is_current = rules_.candidate_log_is_current(request.last, log_.last());
  const bool granted = rules_.may_grant_vote(hard_state_.voted_for, message.from, is_current);
  if (granted) {
    // The reply goes into Output::messages and leaves after the vote is durable (§5.2, thesis 3.8).
    // If it left before and this server crashed, it could vote again in this term and elect two
    // leaders.
    if (role_ == Role::pre_candidate) role_ = Role::follower;
    if (hard_state_.voted_for != message.from) emit(trace::VoteGranted{message.from});
    hard_state_.voted_for = message.from;
  }
  if (rules_.resets_election_timer(granted)) reset_election_timer();
  send(message.from, VoteReply{granted});
}

void Raft::on(const Message& message, const VoteReply& reply) {
  if (role_ != Role::candidate || !reply.granted) return;
  votes_.push_back(message.from);
  if (rules_.wins_election(configuration(), votes_)) become_leader();
}

/// Changes nothing here: no term, no vote, no timer. A pre-vote for one candidate must not keep
/// this server from voting for another, and need not be durable.
void Raft::on(const Message& message, const PreVote& request) {
  send(message.from, PreVoteReply{rules_.candidate_log_is_current(request.last, log_.last())});
}

void Raft::on(const Message& message, const PreVoteReply& reply) {
  if (role_ != Role::pre_candidate || !reply.granted) return;
  votes_.push_back(message.from);
  if (rules_.wins_election(configuration(), votes_)) {
    become_candidate(/*leadership_transfer=*/false);
  }
}

/// Thesis 3.10: without a pre-vote, which the voters would refuse while they still have a leader.
void Raft::on(const Message&, const TimeoutNow&) {
  if (role_ != Role::leader) start_election(/*leadership_transfer=*/true);
}

}  // namespace sunder::raft
