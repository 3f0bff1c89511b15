#include "node/raft/raft.h"

#include <algorithm>
#include <type_traits>

#include "node/check.h"

namespace sunder::raft {
namespace {

LogPosition edge_of(const SnapshotPtr& snapshot) {
  return snapshot ? snapshot->last : LogPosition{};
}

}  // namespace

Raft::Raft(Options options, Rules rules, const Restored& restored, Time now)
    : options_(std::move(options)),
      rules_(std::move(rules)),
      random_(options_.seed),
      now_(now),
      hard_state_(restored.hard_state),
      log_(edge_of(restored.snapshot), restored.entries),
      snapshot_(restored.snapshot),
      configurations_(rules_.configurations_at_start(options_.initial, restored)),
      commit_index_(log_.edge().index),
      started_at_(now),
      handed_hard_state_(hard_state_),
      handed_log_(log_.last().index),
      handed_commits_(rules_.applied_at_start(log_)) {
  CHECK(!options_.lease || options_.check_quorum, "a lease without check-quorum");
  CHECK(hard_state_.term >= log_.last().term, "term {}, log ends in term {}",
        hard_state_.term.value, log_.last().term.value);
  reset_election_timer();
  emit(trace::Started{hard_state_.voted_for, log_.edge().index, log_.edge().term,
                      digests_of(restored.entries)});
  emit(traced(configurations_.rbegin()->first, configuration()));
}

void Raft::step(Time now, const Message& message) {
  take_time(now);
  CHECK(message.to == options_.id, "a message for {} came to {}", message.to.value,
        options_.id.value);
  // Before the term is looked at: adopting the candidate's later term would depose the leader.
  if (ignores_candidate(message)) {
    if (std::holds_alternative<PreVote>(message.body)) send(message.from, PreVoteReply{});
    return;
  }
  if (rules_.is_of_later_term(message, hard_state_.term)) {
    hard_state_ = rules_.hard_state_in(Role::follower, message.term, hard_state_, options_.id);
    if (rules_.steps_down_in_later_term(role_)) become_follower(std::nullopt);
  }
  if (rules_.is_stale(message, hard_state_.term)) {
    refuse_stale(message);
    return;
  }
  std::visit([&](const auto& body) { on(message, body); }, message.body);
}

void Raft::take_time(Time now) {
  if (now < now_) set_back(now_ - now);
  now_ = now;
}

/// After the clock was set back, all moments move back with it. Else a leader sends no heartbeat
/// and a follower does not become a candidate for as long as the clock was set back. The rounds do
/// not move but end: the time since a round began would look too short, and the lease too long.
void Raft::set_back(Time span) {
  round_begun_.clear();
  started_at_ -= span;
  election_deadline_ -= span;
  heartbeat_due_ -= span;
  if (leader_heard_) *leader_heard_ -= span;
  if (transfer_) transfer_->deadline -= span;
  for (auto& [node, progress] : progress_) progress.set_back(span);
}

void Raft::tick(Time now) {
  take_time(now);
  if (role_ == Role::leader) {
    if (now_ >= heartbeat_due_) heartbeat();
  } else if (now_ >= election_deadline_) {
    start_election(/*leadership_transfer=*/false);
  }
}

std::optional<LogPosition> Raft::propose(std::string command) {
  if (!rules_.takes_commands(role_, is_transferring())) return std::nullopt;
  // Whether the command is legal (the expected value of a cas, a repeated request) is decided when
  // it is applied: entries that are not committed yet may still change the state before it.
  const LogPosition position{hard_state_.term, log_.last().index.next()};
  append_to_log(make_entry(position, EntryType::command, std::move(command)));
  return position;
}

bool Raft::read(Time now, ReadId id) {
  take_time(now);
  if (role_ != Role::leader) return false;
  new_reads_.push_back(id);
  return true;
}

Time Raft::next_deadline() const {
  return role_ == Role::leader ? heartbeat_due_ : election_deadline_;
}

std::pair<Index, Configuration> Raft::configuration_at(Index index) const {
  const auto after = configurations_.upper_bound(index);
  CHECK(after != configurations_.begin(), "no configuration at {}", index.value);
  return *std::prev(after);
}

void Raft::become_follower(std::optional<NodeId> leader) {
  hard_state_ = rules_.hard_state_in(Role::follower, hard_state_.term, hard_state_, options_.id);
  if (role_ == Role::leader) {
    // The outcome of its uncommitted proposals is unknown: the next leader may have them. Its
    // unanswered reads certainly failed.
    output_.lost_leadership = true;
    drop_reads();
    progress_.clear();
    target_voters_.reset();
    transfer_.reset();
    reset_election_timer();
  }
  role_ = Role::follower;
  leader_ = leader;
  votes_.clear();
  emit(trace::BecameFollower{leader});
}

/// §5.1: the reply carries the later term, so that a deposed sender steps down. Round 0 is no
/// round: if the sender leads this term by now, the reply must not confirm its reads.
void Raft::refuse_stale(const Message& message) {
  const auto refuse = [&](Body body) {
    send(message.from, std::move(body), rules_.term_of_refusal(message, hard_state_.term));
  };
  if (std::holds_alternative<RequestVote>(message.body)) refuse(VoteReply{});
  if (std::holds_alternative<PreVote>(message.body)) refuse(PreVoteReply{});
  if (const auto* append = std::get_if<AppendEntries>(&message.body)) {
    refuse(AppendReply{
        .accepted = false, .index = append->previous.index, .hint = log_.last(), .round = 0});
  }
  if (const auto* install = std::get_if<InstallSnapshot>(&message.body)) {
    refuse(SnapshotReply{install->last, 0, false, 0});
  }
}

void Raft::emit(trace::Event event) {
  output_.events.emplace_back(hard_state_.term, std::move(event));
}

void Raft::send(NodeId to, Body body, Term term) {
  auto& queue = rules_.may_leave_early(body) ? output_.replication : output_.messages;
  queue.push_back({options_.id, to, term, std::move(body)});
}

void Raft::reset_election_timer() {
  election_deadline_ = now_ + rules_.election_timeout(options_.election_timeout, random_());
}

/// Consecutive appended entries share one event.
void Raft::append_to_log(EntryPtr entry) {
  const auto [term, index] = entry->position;
  auto* appended = output_.events.empty()
                       ? nullptr
                       : std::get_if<trace::Appended>(&output_.events.back().second);
  if (appended == nullptr) {
    emit(trace::Appended{index, log_.last().term, {}});
    appended = &std::get<trace::Appended>(output_.events.back().second);
  }
  appended->entries.push_back({term, entry->digest});
  // A configuration is in force as soon as it is in the log (thesis 4.1). If servers waited for its
  // commitment, they would not know whose acknowledgements commit it.
  if (entry->type == EntryType::configuration) {
    configurations_[index] = decode_configuration(entry->data);
    emit(traced(index, configuration()));
  }
  log_.append(std::move(entry));
}

/// An undone configuration brings back the one before it, or this server would count votes of
/// servers that never became members. Entries appended later at these indexes are not durable yet.
void Raft::truncate_log(Index first) {
  log_.truncate(first);
  handed_log_ = std::min(handed_log_, log_.last().index);
  emit(trace::Truncated{first});
  const auto undone = configurations_.lower_bound(first);
  if (undone == configurations_.end()) return;
  configurations_.erase(undone, configurations_.end());
  emit(traced(configurations_.rbegin()->first, configuration()));
}

/// Never moves back: committed entries may have been applied and answered.
void Raft::set_commit_index(Index index) {
  CHECK(index >= commit_index_ && index <= log_.last().index, "commit {} after {}, last {}",
        index.value, commit_index_.value, log_.last().index.value);
  if (index == commit_index_) return;
  commit_index_ = index;
  emit(trace::Committed{index});
}

void Raft::drop_reads() {
  auto& refused = output_.refused_reads;
  refused.insert(refused.end(), new_reads_.begin(), new_reads_.end());
  for (const auto& read : pending_reads_) refused.push_back(read.id);
  new_reads_.clear();
  pending_reads_.clear();
}

Output Raft::take_output() {
  // Messages are made here and not when an entry arrives, so that all entries of a step share them.
  if (role_ == Role::leader) replicate();
  Output out = std::exchange(output_, {});
  if (hard_state_ != handed_hard_state_) out.hard_state = hard_state_;
  out.entries = log_.between(handed_log_.next(), log_.last().index);
  out.committed = log_.between(handed_commits_.next(), commit_index_);
  handed_hard_state_ = hard_state_;
  handed_log_ = log_.last().index;
  handed_commits_ = std::max(handed_commits_, commit_index_);
  return out;
}

void Raft::persisted() {
  // Only what was handed out is durable; entries that arrived since are not. A leader counts its
  // own entries from here on: if it counted them before the sync, a power failure could lose the
  // copy that completed the majority.
  log_.set_durable(handed_log_);
  if (role_ == Role::leader) advance_commit_index();
}

bool is_empty(const Output& output) {
  return output.events.empty() && !output.hard_state && output.replication.empty() &&
         !output.snapshot && output.entries.empty() && output.messages.empty() &&
         output.committed.empty() && output.reads.empty() && output.refused_reads.empty() &&
         !output.lost_leadership;
}

}  // namespace sunder::raft
