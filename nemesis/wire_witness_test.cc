#include "nemesis/wire_witness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sunder::nemesis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

FrameHeader header(FrameType type, std::uint64_t term, Link link) {
  FrameHeader header;
  header.type = type;
  header.term = term;
  header.from = static_cast<std::uint8_t>(link.from);
  header.to = static_cast<std::uint8_t>(link.to);
  return header;
}

struct WireWitnessTest : testing::Test {
  WireWitness witness;
  void send(FrameType type, std::uint64_t term, Link link) {
    witness.saw(link, header(type, term, link));
  }
};

TEST_F(WireWitnessTest, knows_the_leader_of_each_term) {
  send(FrameType::append_entries, 1, {1, 2});
  send(FrameType::append_entries, 1, {1, 3});
  send(FrameType::install_snapshot, 4, {3, 2});
  EXPECT_THAT(witness.leaders(), ElementsAre(Pair(1, 1), Pair(4, 3)));
  EXPECT_THAT(witness.findings(), IsEmpty());
}

TEST_F(WireWitnessTest, finds_two_leaders_of_one_term_and_says_it_once) {
  send(FrameType::append_entries, 7, {1, 2});
  send(FrameType::append_entries, 7, {3, 2});
  send(FrameType::append_entries, 7, {3, 2});
  EXPECT_THAT(witness.findings(),
              ElementsAre("two leaders of term 7: n1 and n3 (sent append_entries to n2)"));
}

TEST_F(WireWitnessTest, anyone_may_ask_for_votes_and_answer) {
  for (FrameType type : {FrameType::request_vote, FrameType::vote_reply, FrameType::append_reply,
                         FrameType::snapshot_reply, FrameType::pre_vote, FrameType::hello}) {
    send(type, 7, {1, 2});
    send(type, 7, {3, 2});
  }
  EXPECT_THAT(witness.leaders(), IsEmpty());
  EXPECT_THAT(witness.findings(), IsEmpty());
}

TEST_F(WireWitnessTest, finds_a_frame_that_is_not_of_its_link) {
  witness.saw({1, 2}, header(FrameType::append_entries, 7, {3, 2}));
  EXPECT_THAT(witness.findings(), ElementsAre("a frame on the link n1->n2 says it is for n3->n2"));
  EXPECT_THAT(witness.leaders(), IsEmpty());
}

}  // namespace
}  // namespace sunder::nemesis
