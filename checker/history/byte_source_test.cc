#include "checker/history/byte_source.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "checker/history/input_error.h"
#include "checker/history/read.h"
#include "testing/temporary_file.h"

namespace sunder::history {
namespace {

using testing::HasSubstr;

std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(text.size() + 1024, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string zstd(const std::string& text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

/// More than all buffers hold, and not too alike.
std::string long_text() {
  std::string text;
  for (int i = 0; i < 30'000; ++i) {
    text += fmt::format(R"({{"process":{},"type":"invoke","f":"write","value":{}}})"
                        "\n",
                        i, i * 7919 % 30'011);
  }
  return text;
}

std::string content_of(const std::string& file_content, bool* is_cut_off = nullptr) {
  const TemporaryFile file(file_content);
  ByteSource source(file.path(), ByteSource::Packed::unpacked);
  std::string text;
  std::array<char, 1000> piece{};
  while (const auto count = source.read(piece.data(), piece.size())) {
    text.append(piece.data(), count);
  }
  if (is_cut_off != nullptr) *is_cut_off = source.is_cut_off();
  return text;
}

TEST(ByteSource, gzip_and_zstd_are_told_from_the_content) {
  const auto text = long_text();
  bool cut_off = true;
  EXPECT_EQ(content_of(gzip(text), &cut_off), text);
  EXPECT_FALSE(cut_off);
  EXPECT_EQ(content_of(zstd(text), &cut_off), text);
  EXPECT_FALSE(cut_off);
  EXPECT_EQ(content_of(text), text);
  EXPECT_EQ(content_of(""), "");
}

TEST(ByteSource, packed_parts_one_behind_the_other_are_one_text) {
  EXPECT_EQ(content_of(gzip("a\n") + gzip("b\n")), "a\nb\n");
  EXPECT_EQ(content_of(gzip("a\n") + std::string(512, '\0')), "a\n");
  EXPECT_EQ(content_of(zstd("a\n") + zstd("b\n")), "a\nb\n");
}

TEST(ByteSource, packed_data_that_ends_too_early_ends_the_text) {
  const auto text = long_text();
  for (const auto& packed : {gzip(text), zstd(text)}) {
    bool cut_off = false;
    const auto begin = content_of(packed.substr(0, packed.size() - 20), &cut_off);
    EXPECT_TRUE(cut_off);
    EXPECT_TRUE(text.starts_with(begin));
  }
}

TEST(ByteSource, damaged_packed_data_is_refused) {
  auto packed = gzip(long_text());
  packed[packed.size() - 6] ^= 1;  // of the checksum
  EXPECT_THROW(content_of(packed), InputError);
}

TEST(ByteSource, what_other_programs_packed_is_named) {
  try {
    content_of(
        std::string("\xfd"
                    "7zXZ\0rest",
                    10));
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("xz -dc"));
  }
}

TEST(ByteSource, a_packed_history_that_was_cut_off_is_read_with_a_warning) {
  const auto packed = gzip(long_text());
  const TemporaryFile file(packed.substr(0, packed.size() / 2));
  const auto history = read_history(file.path());
  EXPECT_GT(history.operations.size(), 1000U);
  EXPECT_THAT(history.warnings, testing::Contains(HasSubstr("packed data ends in the middle")));
}

TEST(ByteSource, a_history_from_a_pipe_is_read_once) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const std::string text = "\xef\xbb\xbf\n{\"process\":0,\"type\":\"invoke\",\"f\":\"read\"}\n";
  ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  ::close(ends[1]);
  const auto history = read_history("/proc/self/fd/" + std::to_string(ends[0]));
  ::close(ends[0]);
  EXPECT_EQ(history.operations.size(), 1U);
  EXPECT_EQ(history.place_of(0).line, 2);
}

TEST(ByteSource, a_text_that_unpacks_without_end_is_bounded_by_the_budget) {
  const TemporaryFile file(zstd(std::string(std::size_t{64} << 20, ' ')));
  checker::Budget budget(std::chrono::hours(1), std::size_t{16} << 20);
  EXPECT_THROW(read_history(file.path(), budget), checker::BudgetSpent);
}

TEST(ByteSource, utf_16_is_named) {
  const TemporaryFile file(std::string("\xff\xfe{\0", 4));
  try {
    read_history(file.path());
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("UTF-16"));
  }
}

}  // namespace
}  // namespace sunder::history
