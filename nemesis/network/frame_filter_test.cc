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
    EXPECT_EQ(result.error, "");
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
  EXPECT_EQ(result.error, "something that is not a frame");
  EXPECT_EQ(result.consumed, 17u);
}

TEST(FrameFilter, a_payload_of_the_limit_passes_and_one_byte_more_is_refused) {
  std::string frame = test_frame(FrameType::hello, std::string(max_frame_payload_bytes, 'x'));
  FrameFilter filter = filter_that_passes([](const FrameHeader&) { return true; });
  std::vector<std::span<const char>> parts;
  EXPECT_EQ(filter.feed(frame, parts).error, "");
  EXPECT_EQ(joined(parts), frame);
  ++frame[4];
  EXPECT_EQ(filter.feed(frame, parts).error,
            "a frame of 16777217 bytes; at most 16777216 are allowed");
}

}  // namespace
}  // namespace sunder::nemesis
