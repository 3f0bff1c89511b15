// Changes of the voters by joint consensus (§6, thesis 4.3) and leadership transfer (thesis 3.10).

#include <algorithm>
#include <iterator>

#include "node/check.h"
#include "node/raft/raft.h"

namespace sunder::raft {
namespace {

std::set<NodeId> difference(const std::set<NodeId>& all, const std::set<NodeId>& without) {
  std::set<NodeId> result;
  std::set_difference(all.begin(), all.end(), without.begin(), without.end(),
                      std::inserter(result, result.end()));
  return result;
}

}  // namespace

std::optional<std::string_view> Raft::change_voters(std::set<NodeId> voters) {
  if (role_ != Role::leader) return "this node is not the leader";
  if (voters.empty()) return "a cluster needs a voter";
  const bool is_settled =
      rules_.may_change_configuration(log_, commit_index_, hard_state_.term, configuration_index());
  // Its removal is not over before it has handed over its leadership.
  const bool is_leaving = !configuration().is_voter(options_.id);
  if (is_changing_voters() || is_leaving || transfer_ || !is_settled) {
    return "another change is under way";
  }
  target_voters_ = std::move(voters);
  return std::nullopt;
}

/// One step at a time, each when the configuration before it is committed: new servers as learners,
/// the joint configuration, the new voters alone. A leader completes the joint configuration of its
/// predecessor, because the cluster would otherwise need both majorities forever.
void Raft::advance_membership() {
  const bool is_voter = configuration().is_voter(options_.id);
  if (!is_changing_voters() && is_voter) return;
  if (!rules_.may_change_configuration(log_, commit_index_, hard_state_.term,
                                       configuration_index())) {
    return;
  }
  const Configuration present = configuration();
  if (present.is_joint()) {
    append_configuration({present.voters, {}, present.learners});
    return;
  }
  if (target_voters_ == present.voters) target_voters_.reset();
  if (!target_voters_) {
    leave_if_removed();
    return;
  }
  // Thesis 4.2.1: a new server without the log counts towards the majority and would stop the
  // cluster from committing. As a learner it receives the log and does not count.
  const auto newcomers = difference(*target_voters_, present.members());
  if (!newcomers.empty()) {
    auto learners = present.learners;
    learners.insert(newcomers.begin(), newcomers.end());
    append_configuration({present.voters, {}, learners});
    return;
  }
  const auto learners = difference(*target_voters_, present.voters);
  const bool all_caught_up = std::all_of(learners.begin(), learners.end(), [&](NodeId node) {
    return node == options_.id || progress_.at(node).match() >= commit_index_;
  });
  if (!all_caught_up) return;
  append_configuration(rules_.next_configuration(present, *target_voters_));
  target_voters_.reset();
}

void Raft::append_configuration(const Configuration& configuration) {
  const LogPosition position{hard_state_.term, log_.last().index.next()};
  append_to_log(make_entry(position, EntryType::configuration, encode(configuration)));
  update_progress();
  // Learn at once what the new servers have.
  broadcast_due_ = true;
}

void Raft::update_progress() {
  const auto members = configuration().members();
  std::erase_if(progress_, [&](const auto& each) { return !members.contains(each.first); });
  for (const auto node : members) {
    if (node != options_.id) progress_.try_emplace(node, Progress(log_.last().index, now_));
  }
}

/// Thesis 4.2.2: a removed leader leads until its removal is committed, since only it can commit
/// the entry, and does not count itself meanwhile. Then it hands over to the voter with the longest
/// log, which saves an election timeout.
void Raft::leave_if_removed() {
  if (configuration().is_voter(options_.id)) return;
  const auto& voters = configuration().voters;
  const auto heir = std::max_element(voters.begin(), voters.end(), [&](NodeId one, NodeId other) {
    return progress_.at(one).match() < progress_.at(other).match();
  });
  send(*heir, TimeoutNow{});
  become_follower(std::nullopt);
}

std::optional<std::string_view> Raft::transfer_leadership(NodeId target) {
  if (role_ != Role::leader) return "this node is not the leader";
  if (target == options_.id) return "this node leads already";
  if (!configuration().voters.contains(target)) return "the target is not a voter";
  if (is_changing_voters() || transfer_) return "another change is under way";
  transfer_ = Transfer{target, now_ + options_.election_timeout};
  // Voters will not ignore the target's candidacy, so it may lead before this lease would end.
  lease_given_up_ = true;
  broadcast_due_ = true;
  return std::nullopt;
}

/// Thesis 3.10: TimeoutNow goes out when the target has the whole log. With a shorter log it could
/// lose the election. After the deadline this server accepts commands again.
void Raft::advance_transfer() {
  if (!transfer_ || !broadcast_due_) return;
  if (now_ >= transfer_->deadline) {
    transfer_.reset();
  } else if (progress_.at(transfer_->target).match() == log_.last().index) {
    send(transfer_->target, TimeoutNow{});
  }
}

void Raft::forget_configurations_before(Index edge) {
  const auto behind = configurations_.upper_bound(edge);
  configurations_.erase(configurations_.begin(), std::prev(behind));
}

}  // namespace sunder::raft
