#include "nemesis/network/sent_frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/api/nodes_test.h"

namespace sunder::nemesis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Entry = EntryFields;

template <typename Number>
std::string bytes(Number value) {
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

std::string entry(std::uint64_t term, const std::string& data) {
  return bytes(term) + '\x01' + bytes(static_cast<std::uint32_t>(data.size())) + data;
}

// Of term 7, behind index 4 of term 2.
std::string append_payload(const std::vector<std::string>& entries) {
  std::string payload = bytes<std::uint64_t>(7) + bytes<std::uint64_t>(2) +
                        bytes<std::uint64_t>(4) + bytes<std::uint64_t>(3) +
                        bytes<std::uint64_t>(99) +
                        bytes(static_cast<std::uint32_t>(entries.size()));
  for (const auto& each : entries) payload += each;
  return payload;
}

std::optional<SentFrame> parse(FrameType type, const std::string& payload) {
  auto sent = parse_sent_frame({n1, n2}, type, payload);
  // The views end with the payload.
  if (sent) {
    for (auto& each : sent->entries) each.data = each.data.substr(0, 0);
  }
  return sent;
}

TEST(SentFrame, tells_where_its_entries_stand) {
  const auto sent = parse(FrameType::append_entries, append_payload({entry(5, "a"), entry(7, "")}));
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->link, (Link{n1, n2}));
  EXPECT_EQ(sent->term, Term{7});
  EXPECT_EQ(sent->first, Index{5});
  EXPECT_EQ(sent->previous_term, Term{2});
  EXPECT_THAT(sent->entries, ElementsAre(Entry{Term{5}, 1, ""}, Entry{Term{7}, 1, ""}));
}

TEST(SentFrame, hands_over_what_the_entries_hold) {
  const std::string payload = append_payload({entry(5, "ab")});
  const auto sent = parse_sent_frame({n1, n2}, FrameType::append_entries, payload);
  EXPECT_EQ(sent->entries.at(0).data, "ab");
}

TEST(SentFrame, snapshots_heartbeats_and_transfers_tell_of_a_leader) {
  EXPECT_THAT(parse(FrameType::append_entries, append_payload({}))->entries, IsEmpty());
  for (FrameType type : {FrameType::install_snapshot, FrameType::timeout_now}) {
    EXPECT_EQ(parse(type, bytes<std::uint64_t>(9) + "anything")->term, Term{9});
  }
}

TEST(SentFrame, an_answer_to_a_leader_is_told_but_nobody_leads_by_it) {
  const auto answer = [](char accepted) {
    return bytes<std::uint64_t>(9) + accepted + bytes<std::uint64_t>(77) + "anything";
  };
  EXPECT_EQ(parse(FrameType::append_reply, answer('\x01'))->term, Term{9});
  EXPECT_EQ(parse(FrameType::append_reply, answer('\x01'))->acknowledged, Index{77});
  EXPECT_FALSE(parse(FrameType::append_reply, answer('\0'))->acknowledged);
  EXPECT_FALSE(parse(FrameType::append_reply, bytes<std::uint64_t>(9) + "short"));
  EXPECT_FALSE(only_a_leader_sends(FrameType::append_reply));
}

TEST(SentFrame, anyone_may_ask_for_votes_and_grant_them) {
  for (FrameType type : {FrameType::request_vote, FrameType::vote_reply, FrameType::snapshot_reply,
                         FrameType::pre_vote, FrameType::hello}) {
    EXPECT_FALSE(parse(type, bytes<std::uint64_t>(7)));
  }
}

TEST(SentFrame, a_payload_cut_anywhere_or_too_long_tells_nothing) {
  const std::string whole = append_payload({entry(5, "abc"), entry(7, "d")});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(parse(FrameType::append_entries, whole.substr(0, size))) << size;
  }
  EXPECT_FALSE(parse(FrameType::append_entries, whole + "x"));
}

}  // namespace
}  // namespace sunder::nemesis
