#include "node/net/message_codec.h"

#include <random>
#include <stdexcept>

#include <gmock/gmock.h>

namespace sunder {
namespace {

using namespace raft;
using testing::HasSubstr;

std::vector<Body> one_of_each() {
  const LogPosition position{Term{2}, Index{3}};
  const Configuration configuration{{NodeId{1}, NodeId{2}}, {NodeId{3}}, {}};
  return {
      RequestVote{position, true},
      VoteReply{true},
      PreVote{position},
      PreVoteReply{false},
      AppendEntries{
          position,
          {make_entry({Term{2}, Index{4}}, EntryType::noop, ""),
           make_entry({Term{5}, Index{5}}, EntryType::command, "data"),
           make_entry({Term{5}, Index{6}}, EntryType::configuration, encode(configuration))},
          Index{3},
          17},
      AppendReply{false, Index{9}, position, 18},
      InstallSnapshot{position, configuration, Index{1}, 5, 100, "piece", 19},
      SnapshotReply{position, 55, false, 20},
      TimeoutNow{},
  };
}

Message decode(std::string_view frame) {
  const auto header = parse_frame_header(frame);
  const auto payload = frame.substr(frame_header_bytes);
  if (payload.size() != header.payload_bytes) throw std::runtime_error("of another length");
  verify_payload(header, payload);
  return decode_message(header, payload);
}

TEST(MessageCodec, every_message_survives_its_frame) {
  for (const auto& body : one_of_each()) {
    const auto frame = encode_message({NodeId{1}, NodeId{2}, Term{7}, body});
    const auto message = decode(frame);
    EXPECT_EQ(message.from, NodeId{1});
    EXPECT_EQ(message.to, NodeId{2});
    EXPECT_EQ(message.term, Term{7});
    EXPECT_EQ(message.body.index(), body.index());
    EXPECT_EQ(encode_message(message), frame);
  }
}

TEST(Frame, has_the_layout_that_proxies_rely_on) {
  const auto frame = encode_message({NodeId{1}, NodeId{2}, Term{7}, VoteReply{true}});
  EXPECT_EQ(frame.substr(0, 4), "SNDR");
  EXPECT_EQ(frame.substr(4, 4), std::string("\x09\0\0\0", 4));
  EXPECT_EQ(frame.substr(12, 4), std::string("\x02\x01\x01\x02", 4));
  EXPECT_EQ(frame.substr(16), std::string("\x07\0\0\0\0\0\0\0\x01", 9));
}

TEST(Frame, a_changed_or_missing_byte_anywhere_is_noticed) {
  for (const auto& body : one_of_each()) {
    const auto frame = encode_message({NodeId{1}, NodeId{2}, Term{7}, body});
    for (std::size_t at = 0; at < frame.size(); ++at) {
      auto changed = frame;
      changed[at] = static_cast<char>(changed[at] ^ 0x10);
      EXPECT_THROW(decode(changed), std::runtime_error) << "byte " << at;
      EXPECT_THROW(decode(frame.substr(0, at)), std::runtime_error) << "prefix " << at;
    }
  }
}

TEST(Frame, a_length_beyond_the_limit_is_refused_before_it_is_read) {
  auto frame = encode_message({NodeId{1}, NodeId{2}, Term{7}, VoteReply{true}});
  frame.replace(4, 4, "\xff\xff\xff\x7f");
  try {
    parse_frame_header(frame);
    FAIL() << "accepted";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("2147483647 bytes"));
  }
}

TEST(MessageCodec, random_payloads_of_every_type_never_do_more_than_be_refused) {
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    FrameHeader header;
    header.type = static_cast<FrameType>(random() % 12);
    std::string payload(random() % 80, '\0');
    for (auto& c : payload) c = static_cast<char>(random() % 4 == 0 ? random() : 0);
    try {
      decode_message(header, payload);
    } catch (const std::runtime_error&) {
    }
  }
}

TEST(MessageCodec, a_yes_or_no_that_is_neither_is_refused) {
  FrameHeader header;
  header.type = FrameType::vote_reply;
  EXPECT_NO_THROW(decode_message(header, std::string(8, '\0') + '\1'));
  EXPECT_THROW(decode_message(header, std::string(8, '\0') + '\2'), std::runtime_error);
}

TEST(Configuration, survives_its_encoding_and_refuses_garbage) {
  const Configuration configuration{{NodeId{1}, NodeId{2}}, {NodeId{3}}, {NodeId{9}}};
  EXPECT_EQ(decode_configuration(encode(configuration)), configuration);
  EXPECT_THROW(decode_configuration(""), std::runtime_error);
  EXPECT_THROW(decode_configuration(encode(Configuration{})), std::runtime_error);
}

TEST(Configuration, a_joint_one_needs_both_majorities) {
  const Configuration joint{
      {NodeId{1}, NodeId{2}, NodeId{3}}, {NodeId{3}, NodeId{4}, NodeId{5}}, {}};
  const auto agree = [&](std::set<std::int64_t> nodes) {
    return is_quorum(joint, [&](NodeId node) { return nodes.contains(node.value); });
  };
  EXPECT_FALSE(agree({1, 2, 3}));
  EXPECT_TRUE(agree({1, 3, 4}));
  EXPECT_FALSE(agree({3, 4, 5}));
  const auto value_of = [](NodeId node) { return static_cast<std::uint64_t>(node.value * 10); };
  EXPECT_EQ(quorum_value(joint, value_of), 20u);
}

}  // namespace
}  // namespace sunder
