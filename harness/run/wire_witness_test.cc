#include "harness/run/wire_witness.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/api/nodes_test.h"

namespace sunder::harness {
namespace {

using testing::ElementsAre;
using trace::EntryDigest;
using Entry = EntryFields;

struct WireWitnessTest : testing::Test {
  RunClock clock;
  std::vector<trace::Record> all;
  WireWitness witness{clock, [this](const trace::Record& record) { all.push_back(record); }};

  void send(NodeId from, std::uint64_t term, std::uint64_t first, std::vector<Entry> entries) {
    witness.observe({{from, n2},
                     FrameType::append_entries,
                     Term{term},
                     Index{first},
                     Term{1},
                     std::move(entries),
                     {}});
  }
  /// Index, term and first digest of each record.
  std::vector<std::string> filed() const {
    std::vector<std::string> records;
    for (const auto& record : all) {
      const auto& sent = std::get<trace::Sent>(record.event);
      auto text = name_of(record.node) + " term " + std::to_string(record.term.value) + ": " +
                  std::to_string(sent.previous_term.value) + "|" + std::to_string(sent.first.value);
      for (const auto& entry : sent.entries) text += " " + std::to_string(entry.term.value);
      records.push_back(text);
    }
    return records;
  }
};

TEST_F(WireWitnessTest, files_each_leader_and_each_entry_once) {
  send(n1, 5, 3, {});
  send(n1, 5, 3, {{{2}, 1, "a"}, {{5}, 1, "b"}});
  send(n1, 5, 3, {{{2}, 1, "a"}, {{5}, 1, "b"}});
  send(n1, 5, 4, {{{5}, 1, "b"}, {{5}, 1, "c"}});
  send(n1, 5, 6, {});
  send(n3, 5, 6, {});
  EXPECT_THAT(filed(), ElementsAre("n1 term 5: 1|3", "n1 term 5: 1|3 2 5", "n1 term 5: 5|5 5",
                                   "n3 term 5: 1|6"));
}

TEST_F(WireWitnessTest, files_an_entry_again_that_differs_from_what_stood_there) {
  send(n1, 5, 3, {{{5}, 1, "a"}, {{5}, 1, "b"}});
  send(n1, 5, 3, {{{5}, 1, "a"}, {{5}, 1, "not b"}});
  send(n1, 6, 4, {{{6}, 1, "b"}});
  EXPECT_THAT(filed(), ElementsAre("n1 term 5: 1|3 5 5", "n1 term 5: 5|4 5", "n1 term 6: 1|4 6"));
}

TEST_F(WireWitnessTest, files_how_far_a_node_acknowledges_as_it_advances) {
  const auto acknowledge = [this](std::uint64_t term, std::optional<Index> index) {
    witness.observe({{n3, n1}, FrameType::append_reply, Term{term}, {}, {}, {}, index});
  };
  acknowledge(5, Index{7});
  acknowledge(5, Index{7});
  acknowledge(5, Index{6});
  acknowledge(5, std::nullopt);
  acknowledge(6, Index{2});
  acknowledge(6, Index{9});
  std::vector<std::pair<std::uint64_t, std::uint64_t>> filed;
  for (const auto& record : all) {
    EXPECT_EQ(record.node, NodeId{3});
    filed.emplace_back(record.term.value, std::get<trace::Acknowledged>(record.event).last.value);
  }
  EXPECT_THAT(filed, ElementsAre(std::pair(5, 7), std::pair(6, 2), std::pair(6, 9)));
}

TEST_F(WireWitnessTest, an_entry_has_the_digest_that_a_node_would_trace) {
  send(n1, 5, 3, {{{5}, 2, "abc"}});
  ASSERT_EQ(all.size(), 1U);
  const auto sent = std::get<trace::Sent>(all.front().event);
  EXPECT_THAT(sent.entries, ElementsAre(EntryDigest{Term{5}, trace::digest_of(2, "abc")}));
}

}  // namespace
}  // namespace sunder::harness
