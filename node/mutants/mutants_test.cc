// Each mutant makes its own mistake, says so when it does, and nothing else is changed.

#include <set>
#include <stdexcept>

#include <gmock/gmock.h>

#include "node/mutants/mutant.h"

namespace sunder {
namespace {

using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;

/// Parts with one mutant in them, and how often it was reached.
struct Mutated {
  explicit Mutated(std::string_view id) {
    parts = parts_with(find_mutant(id), [this] { ++reached; });
  }
  Mutated(const Mutated&) = delete;
  Mutated& operator=(const Mutated&) = delete;

  Parts parts;
  int reached = 0;
};

class RecordedStorage : public Storage {
 public:
  explicit RecordedStorage(std::vector<std::string>& calls) : calls_(calls) {}
  void save(const raft::HardState& state) override {
    calls_.push_back("term " + std::to_string(state.term.value) + " vote " +
                     std::to_string(state.voted_for.value_or(NodeId{0}).value));
  }
  void append(const std::vector<raft::EntryPtr>& entries) override {
    calls_.push_back("append " + std::to_string(entries.size()));
  }
  void save(const raft::SnapshotPtr&, bool keeps_log) override {
    calls_.push_back(keeps_log ? "snapshot" : "snapshot instead of the log");
  }
  void begin_writing(const raft::SnapshotPtr&) override {}
  raft::SnapshotPtr take_written() override { return nullptr; }
  void write() override { calls_.push_back("write"); }
  void sync() override { calls_.push_back("sync"); }

 private:
  std::vector<std::string>& calls_;
};

class RecordedClients : public Clients {
 public:
  void answer(Connection connection, const Reply& reply) override {
    answers.emplace_back(connection, reply);
  }
  std::vector<std::pair<Connection, Reply>> answers;
};

std::vector<std::string> storage_calls(const Parts& parts) {
  std::vector<std::string> calls;
  const auto storage = parts.storage(std::make_unique<RecordedStorage>(calls), NodeId{1});
  storage->save(raft::HardState{Term{3}, NodeId{2}});
  storage->append({nullptr, nullptr});
  storage->save(raft::SnapshotPtr{}, false);
  storage->save(raft::HardState{Term{4}, std::nullopt});
  storage->sync();
  return calls;
}

TEST(Mutants, have_distinct_ids_and_names_and_say_what_they_are) {
  std::set<std::string_view> names;
  for (const auto& mutant : mutants()) {
    EXPECT_TRUE(names.insert(mutant.id).second) << mutant.id;
    EXPECT_TRUE(names.insert(mutant.name).second) << mutant.name;
    EXPECT_EQ(&find_mutant(mutant.name), &find_mutant(mutant.id));
    for (const auto text : {mutant.mistake, mutant.source, mutant.faults, mutant.breaks}) {
      EXPECT_FALSE(text.empty()) << mutant.id;
    }
  }
  EXPECT_THROW(find_mutant("Z9"), std::invalid_argument);
}

TEST(Mutants, P1_drops_the_vote_and_keeps_the_term) {
  Mutated mutated("P1");
  EXPECT_EQ(storage_calls(mutated.parts),
            (std::vector<std::string>{"term 3 vote 0", "append 2", "snapshot instead of the log",
                                      "term 4 vote 0", "sync"}));
  EXPECT_EQ(mutated.reached, 1);
}

TEST(Mutants, R1_looks_only_at_the_index_before_the_entries) {
  Mutated mutated("R1");
  const raft::Log log({}, {raft::make_entry({Term{1}, Index{1}}, raft::EntryType::noop, "")});
  const auto& matches = mutated.parts.rules.entry_matches;
  EXPECT_TRUE(matches(log, {Term{1}, Index{1}}));
  EXPECT_FALSE(matches(log, {Term{1}, Index{2}}));
  EXPECT_EQ(mutated.reached, 0);
  EXPECT_TRUE(matches(log, {Term{2}, Index{1}}));
  EXPECT_EQ(mutated.reached, 1);
}

TEST(Mutants, A1_confirms_every_read) {
  Mutated mutated("A1");
  const raft::Configuration three{{NodeId{1}, NodeId{2}, NodeId{3}}, {}, {}};
  const auto& confirmed = mutated.parts.rules.read_is_confirmed;
  EXPECT_TRUE(confirmed(
      three, [](NodeId) { return 5; }, 5));
  EXPECT_EQ(mutated.reached, 0);
  EXPECT_TRUE(confirmed(
      three, [](NodeId) { return 4; }, 5));
  EXPECT_EQ(mutated.reached, 1);
}

TEST(Mutants, A7_answers_a_write_when_it_is_proposed_and_a_cas_when_it_is_applied) {
  Mutated mutated("A7");
  RecordedClients clients;
  const auto proposals = mutated.parts.proposals(clients);
  proposals->proposed(Index{1}, 11, Request{7, 3, Operation::cas, "k", "v", {}});
  EXPECT_TRUE(clients.answers.empty());
  EXPECT_EQ(mutated.reached, 0);
  proposals->proposed(Index{2}, 12, Request{8, 4, Operation::write, "k", "v", {}});
  ASSERT_EQ(clients.answers.size(), 1u);
  EXPECT_EQ(clients.answers[0].first, 12u);
  EXPECT_EQ(clients.answers[0].second.status, Status::ok);
  EXPECT_EQ(mutated.reached, 1);
  proposals->applied(Index{1}, Reply{3, Status::mismatch, {}, {}, ""});
  proposals->applied(Index{2}, Reply{4, Status::ok, {}, {}, ""});
  ASSERT_EQ(clients.answers.size(), 2u);
  EXPECT_EQ(clients.answers[1].second.status, Status::mismatch);
}

/// Which parts differ from a plain node's, by what they do.
std::set<std::string> changed_parts(std::string_view id) {
  Mutated mutated(id);
  std::set<std::string> changed;
  const auto& rules = mutated.parts.rules;
  const auto check = [&](const char* name, const auto& rule, auto* right) {
    using Function = decltype(right);
    const auto* target = rule.template target<Function>();
    if (target == nullptr || *target != right) changed.insert(name);
  };
#define CHECK_RULE(name) check(#name, rules.name, &raft::rules::name)
  CHECK_RULE(is_of_later_term);
  CHECK_RULE(steps_down_in_later_term);
  CHECK_RULE(is_stale);
  CHECK_RULE(term_of_refusal);
  CHECK_RULE(hard_state_in);
  CHECK_RULE(may_leave_early);
  CHECK_RULE(election_timeout);
  CHECK_RULE(resets_election_timer);
  CHECK_RULE(takes_part_in_elections);
  CHECK_RULE(candidate_log_is_current);
  CHECK_RULE(may_grant_vote);
  CHECK_RULE(wins_election);
  CHECK_RULE(keeps_its_leader);
  CHECK_RULE(leader_has_quorum);
  CHECK_RULE(entry_matches);
  CHECK_RULE(first_conflict);
  CHECK_RULE(first_index_of_leader);
  CHECK_RULE(match_after_append);
  CHECK_RULE(conflict_hint);
  CHECK_RULE(next_after_refusal);
  CHECK_RULE(follower_commit_index);
  CHECK_RULE(quorum_value);
  CHECK_RULE(leader_commit_index);
  CHECK_RULE(applied_at_start);
  CHECK_RULE(installs_snapshot);
  CHECK_RULE(piece_fits);
  CHECK_RULE(keeps_suffix);
  CHECK_RULE(may_change_configuration);
  CHECK_RULE(next_configuration);
  CHECK_RULE(configurations_at_start);
  CHECK_RULE(takes_commands);
  CHECK_RULE(may_begin_reads);
  CHECK_RULE(round_of_reads);
  CHECK_RULE(read_is_confirmed);
  CHECK_RULE(lease_began);
  CHECK_RULE(lease_holds);
#undef CHECK_RULE
  if (storage_calls(mutated.parts) != storage_calls(Parts{})) changed.insert("storage");
  RecordedClients clients;
  const auto proposals = mutated.parts.proposals(clients);
  proposals->proposed(Index{1}, 1, Request{7, 3, Operation::write, "k", "v", {}});
  if (!clients.answers.empty()) changed.insert("proposals");
  return changed;
}

TEST(Mutants, each_changes_one_part) {
  EXPECT_EQ(changed_parts("P1"), (std::set<std::string>{"storage"}));
  EXPECT_EQ(changed_parts("R1"), (std::set<std::string>{"entry_matches"}));
  EXPECT_EQ(changed_parts("A1"), (std::set<std::string>{"leader_has_quorum", "read_is_confirmed"}));
  EXPECT_EQ(changed_parts("A7"), (std::set<std::string>{"proposals"}));
}

}  // namespace
}  // namespace sunder
