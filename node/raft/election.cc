// Elections: §5.2, §5.4.1, and PreVote and the shield of a living leader (thesis §9.6, §4.2.3).

#include "node/check.h"
#include "node/raft/raft.h"

namespace sunder::raft {

/// A candidate that was cut off must not unseat a leader whom the others hear.
bool Raft::shields_its_leader_from(const Message& message) const {
  const auto* request = std::get_if<RequestVote>(&message.body);
  const bool asks = request != nullptr || std::holds_alternative<PreVote>(message.body);
  if (!asks || !options_.check_quorum) return false;
  if (request != nullptr && request->leadership_transfer) return false;
  if (role_ == Role::leader) return true;
  // Whom it heard before it was restarted, it has forgotten.
  const bool may_have_heard =
      options_.lease && rules_.keeps_its_leader(now_ - started_at_, options_.election_timeout);
  if (may_have_heard) return true;
  return leader_ && leader_heard_ &&
         rules_.keeps_its_leader(now_ - *leader_heard_, options_.election_timeout);
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
  // Entries of older terms are committed with this one; until then no read is safe (§8).
  const LogPosition first{hard_state_.term, rules_.first_index_of_leader(log_, commit_index_)};
  accept_entries({make_entry(first, EntryType::noop, {})});
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

void Raft::on(const Message&, const TimeoutNow&) {
  if (role_ != Role::leader) start_election(/*leadership_transfer=*/true);
}

}  // namespace sunder::raft
