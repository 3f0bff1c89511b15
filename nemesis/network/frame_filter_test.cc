#include "nemesis/network/frame_filter.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nemesis/network/frames_test.h"
#include "nemesis/schedule/random.h"

namespace sunder::nemesis {
namespace {

std::string joined(const std::vector<std::span<const char>>& parts) {
  std::string text;
  for (auto part : parts) text.append(part.data(), part.size());
  return text;
}

FrameFilter filter_that_passes(const std::function<bool(const FrameHeader&)>& passes) {
  return FrameFilter(
      [passes](const FrameHeader& header) {
        return passes(header) ? FrameFilter::Decision::pass : FrameFilter::Decision::drop;
      },
      [](const FrameHeader&, const std::vector<char>&) {
        FAIL() << "nothing was to be collected";
      });
}

// Feeds the stream in pieces of random size, as a socket would, and gives what goes on.
std::string filter_in_pieces(FrameFilter& filter, const std::string& stream, std::uint64_t seed) {
  Random random(seed);
  std::string waiting;
  std::string kept;
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t size = std::min(1 + random.below(40), stream.size() - at);
    waiting += stream.substr(at, size);
    at += size;
    std::vector<std::span<const char>> parts;
    const FrameFilter::Result result = filter.feed(waiting, parts);
    EXPECT_TRUE(result.well_formed);
    kept += joined(parts);
    waiting.erase(0, result.consumed);
  }
  EXPECT_EQ(waiting, "");
  return kept;
}

TEST(FrameFilter, keeps_and_drops_whole_frames_however_the_stream_is_cut) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Random random(seed);
    std::string stream;
    std::string expected;
    for (int i = 0; i < 20; ++i) {
      const bool vote = random.chance(0.5);
      const std::string frame =
          test_frame(vote ? FrameType::request_vote : FrameType::append_entries,
                     std::string(random.below(60), static_cast<char>('a' + i)));
      stream += frame;
      if (vote) expected += frame;
    }
    FrameFilter filter = filter_that_passes(
        [](const FrameHeader& header) { return header.type == FrameType::request_vote; });
    EXPECT_EQ(filter_in_pieces(filter, stream, seed), expected) << "seed " << seed;
  }
}

TEST(FrameFilter, a_frame_that_was_begun_is_finished_as_it_was_begun) {
  const std::string frame = test_frame(FrameType::hello, std::string(100, 'x'));
  for (bool first : {true, false}) {
    bool keep = first;
    FrameFilter filter = filter_that_passes([&](const FrameHeader&) { return keep; });
    std::vector<std::span<const char>> parts;
    filter.feed(std::string_view(frame).substr(0, 50), parts);
    keep = !first;
    filter.feed(std::string_view(frame).substr(50), parts);
    EXPECT_EQ(joined(parts), first ? frame : "");
  }
}

TEST(FrameFilter, collected_frames_are_handed_over_whole_between_those_that_pass) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    std::string stream;
    std::vector<std::string> expected;
    for (int i = 0; i < 20; ++i) {
      const bool vote = random.chance(0.5);
      const std::string frame =
          test_frame(vote ? FrameType::request_vote : FrameType::append_entries,
                     std::string(random.below(60), static_cast<char>('a' + i)));
      stream += frame;
      if (vote) expected.push_back(frame);
    }
    std::vector<std::string> collected;
    FrameFilter filter(
        [](const FrameHeader& header) {
          return header.type == FrameType::request_vote ? FrameFilter::Decision::collect
                                                        : FrameFilter::Decision::pass;
        },
        [&](const FrameHeader&, const std::vector<char>& frame) {
          collected.emplace_back(frame.begin(), frame.end());
        });
    const std::string passed = filter_in_pieces(filter, stream, seed);
    EXPECT_EQ(collected, expected) << "seed " << seed;
    std::size_t collected_bytes = 0;
    for (const std::string& frame : collected) collected_bytes += frame.size();
    EXPECT_EQ(passed.size() + collected_bytes, stream.size());
  }
}

TEST(FrameFilter, neighbours_that_go_on_are_one_part) {
  const std::string stream = test_frame(FrameType::hello, "a") + test_frame(FrameType::hello, "b");
  FrameFilter filter = filter_that_passes([](const FrameHeader&) { return true; });
  std::vector<std::span<const char>> parts;
  filter.feed(stream, parts);
  EXPECT_EQ(parts.size(), 1u);
}

TEST(FrameFilter, garbage_is_noticed_where_a_frame_should_begin) {
  const std::string stream = test_frame(FrameType::hello, "a") + "GET / HTTP/1.1\r\n\r\n";
  FrameFilter filter = filter_that_passes([](const FrameHeader&) { return true; });
  std::vector<std::span<const char>> parts;
  const FrameFilter::Result result = filter.feed(stream, parts);
  EXPECT_FALSE(result.well_formed);
  EXPECT_EQ(result.consumed, 17u);
}

TEST(FrameFilter, tells_the_term_however_the_stream_is_cut) {
  const std::string payload("\x07\x01\0\0\0\0\0\0...", 11);
  const std::string stream =
      test_frame(FrameType::hello, payload) + test_frame(FrameType::hello, "short");
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    std::vector<std::optional<std::uint64_t>> terms;
    FrameFilter filter = filter_that_passes([&](const FrameHeader& header) {
      terms.push_back(header.term);
      return true;
    });
    EXPECT_EQ(filter_in_pieces(filter, stream, seed), stream);
    EXPECT_THAT(terms, testing::ElementsAre(0x107, std::nullopt));
  }
}

TEST(FrameHeader, an_absurd_length_is_garbage) {
  std::string frame = test_frame(FrameType::hello, "");
  frame[7] = '\x7f';
  EXPECT_FALSE(parse_frame_header(std::span<const char, frame_header_bytes>(frame)).has_value());
}

TEST(FrameHeader, its_members_are_read_little_endian) {
  const std::string frame("SNDR\x05\x01\0\0\x78\x56\x34\x12\x03\x01\x02\x04", 16);
  const auto header = parse_frame_header(std::span<const char, frame_header_bytes>(frame));
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->payload_bytes, 0x105u);
  EXPECT_EQ(header->crc32c, 0x12345678u);
  EXPECT_EQ(header->type, FrameType::append_entries);
  EXPECT_EQ(header->version, 1);
  EXPECT_EQ(header->from, 2);
  EXPECT_EQ(header->to, 4);
}

}  // namespace
}  // namespace sunder::nemesis
