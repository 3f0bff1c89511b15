#include <algorithm>
#include <optional>
#include <vector>

#include "node/mutants/mistakes.h"
#include "node/mutants/replaced_rule.h"

namespace sunder::mistakes {
namespace {

using raft::Configuration;
using raft::HardState;
using raft::LogPosition;
using raft::Message;
using raft::Role;
using raft::Time;

/// A majority, but for an even number of voters one less.
std::size_t half_of(const Configuration& configuration) {
  return (configuration.voters.size() + 1) / 2;
}

bool is_half(const Configuration& configuration, const std::function<bool(NodeId)>& agrees) {
  const auto& voters = configuration.voters;
  const auto agreeing =
      static_cast<std::size_t>(std::count_if(voters.begin(), voters.end(), agrees));
  return agreeing >= half_of(configuration);
}

void forget_the_vote_as(Role forgetful, Parts& parts, const Reached& reached) {
  replace(parts.rules.hard_state_in, reached,
          [forgetful](const HardState& right, Role role, Term term, const HardState&, NodeId) {
            return role == forgetful ? HardState{term, std::nullopt} : right;
          });
}

}  // namespace

/// The vote is cleared together with the state of the old role.
void forget_the_vote_on_stepping_down(Parts& parts, const Reached& reached) {
  forget_the_vote_as(Role::follower, parts, reached);
}

/// The pre-vote clears the vote, as if a new term had begun.
void forget_the_vote_in_pre_vote(Parts& parts, const Reached& reached) {
  forget_the_vote_as(Role::pre_candidate, parts, reached);
}

/// The value for "no vote" is the number of a node. In the real system nodes were numbered from 0;
/// here they are numbered from 1.
void take_a_vote_for_node_one_for_none(Parts& parts, const Reached& reached) {
  replace(parts.rules.may_grant_vote, reached,
          [](bool right, std::optional<NodeId> voted_for, NodeId, bool log_is_current) {
            return right || (log_is_current && voted_for == NodeId{1});
          });
}

void count_votes_twice(Parts& parts, const Reached& reached) {
  replace(parts.rules.wins_election, reached,
          [](bool right, const Configuration& configuration, const std::vector<NodeId>& votes) {
            return right ||
                   (!configuration.is_joint() && votes.size() > configuration.voters.size() / 2);
          });
}

void count_votes_of_older_terms(Parts& parts, const Reached& reached) {
  replace(parts.rules.is_stale, reached, [](bool right, const Message& message, Term) {
    return right && !std::holds_alternative<raft::VoteReply>(message.body);
  });
}

/// A leader clears its vote, so another candidate of the same term can get it.
void vote_as_a_leader(Parts& parts, const Reached& reached) {
  forget_the_vote_as(Role::leader, parts, reached);
}

void compare_only_lengths(Parts& parts, const Reached& reached) {
  replace(parts.rules.candidate_log_is_current, reached,
          [](bool, LogPosition candidate, LogPosition voter) {
            return candidate.index >= voter.index;
          });
}

void ignore_later_terms_in_replies(Parts& parts, const Reached& reached) {
  replace(parts.rules.is_of_later_term, reached, [](bool right, const Message& message, Term) {
    const auto& body = message.body;
    const bool is_reply = std::holds_alternative<raft::VoteReply>(body) ||
                          std::holds_alternative<raft::PreVoteReply>(body) ||
                          std::holds_alternative<raft::AppendReply>(body) ||
                          std::holds_alternative<raft::SnapshotReply>(body);
    return right && !is_reply;
  });
}

/// The leader adopts the later term, and leads a term in which no node elected it.
void lead_on_in_a_later_term(Parts& parts, const Reached& reached) {
  replace(parts.rules.steps_down_in_later_term, reached,
          [](bool right, Role role) { return right && role != Role::leader; });
}

void take_half_for_a_majority(Parts& parts, const Reached& reached) {
  auto& rules = parts.rules;
  replace(rules.wins_election, reached,
          [](bool, const Configuration& configuration, const std::vector<NodeId>& votes) {
            return is_half(configuration, [&](NodeId node) {
              return std::find(votes.begin(), votes.end(), node) != votes.end();
            });
          });
  replace(rules.leader_has_quorum, reached,
          [](bool, const Configuration& configuration, const std::function<bool(NodeId)>& heard) {
            return is_half(configuration, heard);
          });
  replace(rules.read_is_confirmed, reached,
          [](bool, const Configuration& configuration,
             const std::function<std::uint64_t(NodeId)>& acknowledged_round, std::uint64_t round) {
            return is_half(configuration,
                           [&](NodeId node) { return acknowledged_round(node) >= round; });
          });
  replace(rules.quorum_value, reached,
          [](std::uint64_t, const Configuration& configuration,
             const std::function<std::uint64_t(NodeId)>& value_of) {
            std::vector<std::uint64_t> values;
            for (const auto node : configuration.voters) values.push_back(value_of(node));
            std::sort(values.begin(), values.end(), std::greater<>());
            return values[half_of(configuration) - 1];
          });
}

void stand_right_after_voting(Parts& parts, const Reached& reached) {
  replace(parts.rules.resets_election_timer, reached, [](bool, bool) { return false; });
}

void wait_equally_long(Parts& parts, const Reached& reached) {
  replace(parts.rules.election_timeout, reached,
          [](Time, Time least, std::uint64_t) { return least; });
}

/// Neither the refusal of a PreVote nor the request itself makes the other node adopt the later
/// term.
void echo_the_term_of_a_pre_vote(Parts& parts, const Reached& reached) {
  replace(parts.rules.term_of_refusal, reached, [](Term right, const Message& stale, Term) {
    return std::holds_alternative<raft::PreVote>(stale.body) ? stale.term : right;
  });
  replace(parts.rules.is_of_later_term, reached, [](bool right, const Message& message, Term) {
    return right && !std::holds_alternative<raft::PreVote>(message.body);
  });
}

void stay_without_a_quorum(Parts& parts, const Reached& reached) {
  replace(parts.rules.leader_has_quorum, reached,
          [](bool, const Configuration&, const std::function<bool(NodeId)>&) { return true; });
}

void refuse_a_repeated_vote_request(Parts& parts, const Reached& reached) {
  replace(parts.rules.may_grant_vote, reached,
          [](bool right, std::optional<NodeId> voted_for, NodeId, bool) {
            return right && !voted_for;
          });
}

}  // namespace sunder::mistakes
