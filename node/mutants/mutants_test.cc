// Each mutant is one row of the table and changes the parts it says, and no other. What each does
// wrong is in the tests beside it.

#include <map>
#include <set>
#include <stdexcept>
#include <typeinfo>

#include <gtest/gtest.h>

#include "node/mutants/mutated_test.h"

namespace sunder {
namespace {

using Names = std::set<std::string>;

TEST(Mutants, have_distinct_ids_and_names_and_say_what_they_are) {
  std::set<std::string_view> names;
  for (const auto& mutant : mutants()) {
    EXPECT_TRUE(names.insert(mutant.id).second) << mutant.id;
    EXPECT_TRUE(names.insert(mutant.name).second) << mutant.name;
    EXPECT_EQ(&find_mutant(mutant.name), &find_mutant(mutant.id));
    for (const auto text : {mutant.mistake, mutant.source, mutant.faults, mutant.breaks,
                            mutant.hunt.nemesis, mutant.hunt.workload}) {
      EXPECT_FALSE(text.empty()) << mutant.id;
    }
    EXPECT_GT(mutant.hunt.nodes, 0) << mutant.id;
    EXPECT_TRUE(mutant.install != nullptr || !mutant.argument.empty()) << mutant.id;
  }
  EXPECT_THROW(find_mutant("Z9"), std::invalid_argument);
}

template <typename Made>
bool is_of_another_type(const Made& one, const Made& other) {
  return typeid(*one) != typeid(*other);
}

Names changed_seams(const Parts& parts) {
  const Parts plain;
  Names changed;
  Calls calls;
  const auto storage_of = [&](const Parts& those) {
    return those.storage(std::make_unique<RecordedStorage>(calls), NodeId{1});
  };
  RecordedClients clients;
  if (is_of_another_type(storage_of(parts), storage_of(plain))) changed.insert("storage");
  if (is_of_another_type(parts.state_machine(), plain.state_machine())) {
    changed.insert("state_machine");
  }
  if (is_of_another_type(parts.proposals(clients), plain.proposals(clients))) {
    changed.insert("proposals");
  }
  return changed;
}

/// Which parts differ from a plain node's.
Names changed_parts(const Parts& parts) {
  Names changed = changed_seams(parts);
  const auto check = [&](const char* name, const auto& rule, auto* right) {
    const auto* target = rule.template target<decltype(right)>();
    if (target == nullptr || *target != right) changed.insert(name);
  };
  const auto& rules = parts.rules;
  check("is_of_later_term", rules.is_of_later_term, &raft::rules::is_of_later_term);
  check("steps_down_in_later_term", rules.steps_down_in_later_term,
        &raft::rules::steps_down_in_later_term);
  check("is_stale", rules.is_stale, &raft::rules::is_stale);
  check("term_of_refusal", rules.term_of_refusal, &raft::rules::term_of_refusal);
  check("hard_state_in", rules.hard_state_in, &raft::rules::hard_state_in);
  check("may_leave_early", rules.may_leave_early, &raft::rules::may_leave_early);
  check("election_timeout", rules.election_timeout, &raft::rules::election_timeout);
  check("resets_election_timer", rules.resets_election_timer, &raft::rules::resets_election_timer);
  check("takes_part_in_elections", rules.takes_part_in_elections,
        &raft::rules::takes_part_in_elections);
  check("candidate_log_is_current", rules.candidate_log_is_current,
        &raft::rules::candidate_log_is_current);
  check("may_grant_vote", rules.may_grant_vote, &raft::rules::may_grant_vote);
  check("wins_election", rules.wins_election, &raft::rules::wins_election);
  check("keeps_its_leader", rules.keeps_its_leader, &raft::rules::keeps_its_leader);
  check("leader_has_quorum", rules.leader_has_quorum, &raft::rules::leader_has_quorum);
  check("entry_matches", rules.entry_matches, &raft::rules::entry_matches);
  check("first_conflict", rules.first_conflict, &raft::rules::first_conflict);
  check("first_index_of_leader", rules.first_index_of_leader, &raft::rules::first_index_of_leader);
  check("match_after_append", rules.match_after_append, &raft::rules::match_after_append);
  check("conflict_hint", rules.conflict_hint, &raft::rules::conflict_hint);
  check("next_after_refusal", rules.next_after_refusal, &raft::rules::next_after_refusal);
  check("follower_commit_index", rules.follower_commit_index, &raft::rules::follower_commit_index);
  check("quorum_value", rules.quorum_value, &raft::rules::quorum_value);
  check("leader_commit_index", rules.leader_commit_index, &raft::rules::leader_commit_index);
  check("applied_at_start", rules.applied_at_start, &raft::rules::applied_at_start);
  check("installs_snapshot", rules.installs_snapshot, &raft::rules::installs_snapshot);
  check("piece_fits", rules.piece_fits, &raft::rules::piece_fits);
  check("keeps_suffix", rules.keeps_suffix, &raft::rules::keeps_suffix);
  check("may_change_configuration", rules.may_change_configuration,
        &raft::rules::may_change_configuration);
  check("next_configuration", rules.next_configuration, &raft::rules::next_configuration);
  check("configurations_at_start", rules.configurations_at_start,
        &raft::rules::configurations_at_start);
  check("takes_commands", rules.takes_commands, &raft::rules::takes_commands);
  check("may_begin_reads", rules.may_begin_reads, &raft::rules::may_begin_reads);
  check("round_of_reads", rules.round_of_reads, &raft::rules::round_of_reads);
  check("read_is_confirmed", rules.read_is_confirmed, &raft::rules::read_is_confirmed);
  check("lease_began", rules.lease_began, &raft::rules::lease_began);
  check("lease_holds", rules.lease_holds, &raft::rules::lease_holds);
  check("scan", parts.disk.scan, &log_format::scan);
  check("replace_file", parts.disk.replace_file, &replace_file);
  check("removal_order", parts.disk.removal_order, &oldest_first);
  return changed;
}

TEST(Mutants, each_changes_the_parts_it_says) {
  const std::map<std::string_view, Names> expected{
      {"P1", {"storage"}},
      {"P2", {"storage"}},
      {"P3", {"storage"}},
      {"P4", {"storage"}},
      {"P5", {"storage"}},
      {"P6", {"may_leave_early"}},
      {"P7", {"storage"}},
      {"P9", {"storage"}},
      {"P10", {"scan"}},
      {"P11", {"scan"}},
      {"P12", {"removal_order"}},
      {"P13", {"replace_file", "storage"}},
      {"E1", {"hard_state_in"}},
      {"E2", {"hard_state_in"}},
      {"E3", {"may_grant_vote"}},
      {"E4", {"wins_election"}},
      {"E5", {"is_stale"}},
      {"E6", {"hard_state_in"}},
      {"E7", {"candidate_log_is_current"}},
      {"E8", {"is_of_later_term"}},
      {"E9", {"steps_down_in_later_term"}},
      {"E10", {"leader_has_quorum", "quorum_value", "read_is_confirmed", "wins_election"}},
      {"E11", {"resets_election_timer"}},
      {"E12", {"election_timeout"}},
      {"E13", {"is_of_later_term", "term_of_refusal"}},
      {"E15", {"leader_has_quorum"}},
      {"E16", {"may_grant_vote"}},
      {"R1", {"entry_matches"}},
      {"R2", {"first_conflict"}},
      {"R3", {"first_conflict"}},
      {"R4", {"leader_commit_index"}},
      {"R5", {"follower_commit_index"}},
      {"R6", {"match_after_append"}},
      {"R7", {"follower_commit_index"}},
      {"R8", {"is_stale"}},
      {"R9", {"next_after_refusal"}},
      {"R12", {"first_index_of_leader"}},
      {"A1", {"leader_has_quorum", "read_is_confirmed"}},
      {"A2", {"may_begin_reads"}},
      {"A3", {"round_of_reads"}},
      {"A5", {"lease_began"}},
      {"A7", {"proposals"}},
      {"A9", {"applied_at_start"}},
      {"A10", {"state_machine"}},
      {"A11", {"state_machine"}},
      {"A12", {"state_machine"}},
      {"A13", {"state_machine"}},
      {"A14", {"proposals"}},
      {"O1", {"state_machine"}},
      {"O2", {"state_machine"}},
      {"O3", {"state_machine"}},
      {"O4", {"state_machine"}},
      {"O5", {"state_machine"}},
      {"O6", {"state_machine"}},
      {"O7", {"state_machine"}},
      {"O8", {"state_machine"}},
      {"O9", {"state_machine"}},
      {"O10", {"proposals"}},
      {"O11", {"state_machine"}},
      {"O12", {"state_machine"}},
      {"O13", {"state_machine"}},
      {"O14", {"state_machine"}},
      {"O15", {"state_machine"}},
      {"O16", {"state_machine"}},
      {"O17", {"state_machine"}},
      {"O18", {"state_machine"}},
      {"O19", {"state_machine"}},
      {"O20", {"state_machine"}},
      {"O21", {"state_machine"}},
      {"O22", {"state_machine"}},
      {"S1", {"keeps_suffix"}},
      {"S2", {"installs_snapshot"}},
      {"S3", {"piece_fits"}},
      {"S4", {"state_machine"}},
      {"S6", {"entry_matches"}},
      {"M1", {"may_change_configuration", "next_configuration"}},
      {"M2", {"next_configuration"}},
      {"M3", {"configurations_at_start"}},
      {"M4", {"keeps_its_leader"}},
      {"M5", {"takes_part_in_elections", "wins_election"}},
      {"M6", {"takes_commands"}},
  };
  EXPECT_EQ(changed_parts(Parts{}), Names{});
  for (const auto& mutant : mutants()) {
    if (mutant.install == nullptr) continue;
    ASSERT_TRUE(expected.contains(mutant.id)) << mutant.id;
    EXPECT_EQ(changed_parts(parts_with(mutant, [] {})), expected.at(mutant.id)) << mutant.id;
  }
}

}  // namespace
}  // namespace sunder
