#include <algorithm>
#include <map>
#include <set>

#include "node/mutants/mistakes.h"
#include "node/mutants/replaced_rule.h"

namespace sunder::mistakes {
namespace {

using raft::Configuration;
using raft::Role;
using raft::Time;
using Voters = std::set<NodeId>;

bool differ_by_one(const Voters& before, const Voters& after) {
  const auto& larger = before.size() > after.size() ? before : after;
  const auto& smaller = before.size() > after.size() ? after : before;
  return larger.size() == smaller.size() + 1 &&
         std::includes(larger.begin(), larger.end(), smaller.begin(), smaller.end());
}

}  // namespace

/// A change by one voter needs no joint phase (thesis 4.1), but the leader must have committed an
/// entry of its own term before, which is not checked here.
void change_one_server_at_once(Parts& parts, const Reached& reached) {
  replace(parts.rules.may_change_configuration, reached,
          [](bool, const raft::Log&, Index commit_index, Term, Index configuration_index) {
            return configuration_index <= commit_index;
          });
  replace(parts.rules.next_configuration, reached,
          [](const Configuration& right, const Configuration& present, const Voters& voters) {
            return differ_by_one(present.voters, voters) ? Configuration{voters, {}, {}} : right;
          });
}

void skip_the_joint_phase(Parts& parts, const Reached& reached) {
  replace(parts.rules.next_configuration, reached,
          [](const Configuration&, const Configuration&, const Voters& voters) {
            return Configuration{voters, {}, {}};
          });
}

/// The node starts with the voters of its flags.
void forget_the_configuration_on_restart(Parts& parts, const Reached& reached) {
  replace(parts.rules.configurations_at_start, reached,
          [](const std::map<Index, Configuration>& right, const Configuration& initial,
             const raft::Restored&) {
            const bool is_the_same = right.rbegin()->second == initial;
            return is_the_same ? right : std::map<Index, Configuration>{{Index{0}, initial}};
          });
}

/// A removed server gets no heartbeats, starts elections again and again, and deposes each leader.
void listen_to_every_candidate(Parts& parts, const Reached& reached) {
  replace(parts.rules.keeps_its_leader, reached, [](bool, Time, Time) { return false; });
}

/// Learners and removed servers become candidates and are asked for votes, which count.
void let_everyone_elect(Parts& parts, const Reached& reached) {
  replace(parts.rules.takes_part_in_elections, reached,
          [](bool, const Configuration&, NodeId) { return true; });
  replace(parts.rules.wins_election, reached,
          [](bool right, const Configuration& configuration, const std::vector<NodeId>& votes) {
            const Voters distinct(votes.begin(), votes.end());
            return right || distinct.size() > configuration.voters.size() / 2;
          });
}

void take_commands_during_a_transfer(Parts& parts, const Reached& reached) {
  replace(parts.rules.takes_commands, reached,
          [](bool, Role role, bool) { return role == Role::leader; });
}

}  // namespace sunder::mistakes
