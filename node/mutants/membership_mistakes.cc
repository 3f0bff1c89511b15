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

/// The step from one set of voters to another with one more or one less needs no joint phase
/// (thesis §4.1), but an entry of the leader's own term first.
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

/// It starts with the voters that its flags name.
void forget_the_configuration_on_restart(Parts& parts, const Reached& reached) {
  replace(parts.rules.configurations_at_start, reached,
          [](const std::map<Index, Configuration>& right, const Configuration& initial,
             const raft::Restored&) {
            const bool is_the_same = right.rbegin()->second == initial;
            return is_the_same ? right : std::map<Index, Configuration>{{Index{0}, initial}};
          });
}

/// Who was removed hears no leader, stands again and again, and unseats whoever leads.
void listen_to_every_candidate(Parts& parts, const Reached& reached) {
  replace(parts.rules.keeps_its_leader, reached, [](bool, Time, Time) { return false; });
}

/// Learners and removed servers stand and are asked, and their votes count.
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
