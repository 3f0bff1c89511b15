#include <gtest/gtest.h>

#include "node/mutants/mutated_test.h"

namespace sunder {
namespace {

using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;
using raft::Time;

TEST(ClientMistakes, A1_confirms_every_read) {
  Mutated mutant("A1");
  const raft::Configuration three{{NodeId{1}, NodeId{2}, NodeId{3}}, {}, {}};
  const auto& confirmed = mutant.parts.rules.read_is_confirmed;
  EXPECT_TRUE(confirmed(
      three, [](NodeId) { return 5; }, 5));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_TRUE(confirmed(
      three, [](NodeId) { return 4; }, 5));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ClientMistakes, A2_reads_before_an_entry_of_its_term_is_committed) {
  Mutated mutant("A2");
  const auto& may_begin = mutant.parts.rules.may_begin_reads;
  EXPECT_TRUE(may_begin(log_with({1, 2}), Index{2}, Term{2}));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_TRUE(may_begin(log_with({1, 2}), Index{1}, Term{2}));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ClientMistakes, A3_reads_in_the_round_that_began_before) {
  Mutated mutant("A3");
  EXPECT_EQ(mutant.parts.rules.round_of_reads(7), 7u);
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ClientMistakes, A5_counts_a_lease_from_the_answer) {
  Mutated mutant("A5");
  EXPECT_EQ(mutant.parts.rules.lease_began(Time(5), [] { return Time(5); }), Time(5));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_EQ(mutant.parts.rules.lease_began(Time(5), [] { return Time(8); }), Time(8));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ClientMistakes, A7_answers_a_write_when_it_is_proposed_and_a_cas_when_it_is_applied) {
  Mutated mutant("A7");
  RecordedClients clients;
  const auto proposals = mutant.parts.proposals(clients);
  proposals->proposed(Index{1}, 11, Request{7, 3, Operation::cas, "k", "v", {}});
  EXPECT_TRUE(clients.answers.empty());
  EXPECT_EQ(mutant.reached, 0);
  proposals->proposed(Index{2}, 12, Request{8, 4, Operation::write, "k", "v", {}});
  ASSERT_EQ(clients.answers.size(), 1u);
  EXPECT_EQ(clients.answers[0].first, 12u);
  EXPECT_EQ(clients.answers[0].second.status, Status::ok);
  EXPECT_EQ(mutant.reached, 1);
  proposals->applied(Index{1}, Reply{3, Status::mismatch, {}, {}, ""});
  proposals->applied(Index{2}, Reply{4, Status::ok, {}, {}, ""});
  ASSERT_EQ(clients.answers.size(), 2u);
  EXPECT_EQ(clients.answers[1].second.status, Status::mismatch);
}

TEST(ClientMistakes, A14_calls_a_waiting_command_failed_when_leadership_is_lost) {
  Mutated mutant("A14");
  RecordedClients clients;
  const auto proposals = mutant.parts.proposals(clients);
  proposals->proposed(Index{1}, 11, Request{7, 3, Operation::write, "k", "v", {}});
  proposals->proposed(Index{2}, 12, Request{8, 4, Operation::write, "k", "v", {}});
  proposals->applied(Index{1}, Reply{3, Status::ok, {}, {}, ""});
  EXPECT_EQ(mutant.reached, 0);
  proposals->leadership_lost(std::nullopt);
  ASSERT_EQ(clients.answers.size(), 2u);
  EXPECT_EQ(clients.answers[0].second.status, Status::ok);
  EXPECT_EQ(clients.answers[1].first, 12u);
  EXPECT_EQ(clients.answers[1].second.request, 4u);
  EXPECT_EQ(clients.answers[1].second.status, Status::not_leader);
  EXPECT_EQ(mutant.reached, 1);
}

}  // namespace
}  // namespace sunder
