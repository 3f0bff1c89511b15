#include <algorithm>
#include <array>
#include <climits>
#include <string_view>

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include "checker/history/byte_source.h"
#include "checker/history/input_error.h"
#include "checker/invariant.h"

namespace sunder::history {

namespace {

constexpr std::string_view gzip_magic("\x1f\x8b", 2);
constexpr std::string_view zstd_magic("\x28\xb5\x2f\xfd", 4);

/// Any number of members, one behind the other, as `cat a.gz b.gz` makes them.
class GzipUnpacker : public Unpacker {
 public:
  GzipUnpacker() {
    constexpr int gzip_only = 16;
    CHECK(::inflateInit2(&stream_, MAX_WBITS + gzip_only) == Z_OK, "zlib does not start");
  }
  ~GzipUnpacker() override { ::inflateEnd(&stream_); }

  Step unpack(const char* from, std::size_t bytes, char* to, std::size_t room) override {
    if (between_members_) {
      if (bytes == 0) return {};
      // Tapes and disks fill a file up with zeros.
      const auto padding = std::find_if(from, from + bytes, [](char c) { return c != 0; }) - from;
      if (padding > 0) return {static_cast<std::size_t>(padding), 0, true, {}};
      ::inflateReset(&stream_);
      between_members_ = false;
    }
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(from));
    stream_.avail_in = static_cast<uInt>(std::min<std::size_t>(bytes, UINT_MAX));
    stream_.next_out = reinterpret_cast<Bytef*>(to);
    stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(room, UINT_MAX));
    const auto given = stream_.avail_in;
    const auto free = stream_.avail_out;
    const int result = ::inflate(&stream_, Z_NO_FLUSH);
    Step step{given - stream_.avail_in, free - stream_.avail_out, result == Z_STREAM_END, {}};
    between_members_ = step.is_whole;
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      step.damage = stream_.msg != nullptr ? stream_.msg : "the data is damaged";
    }
    return step;
  }

 private:
  z_stream stream_{};
  bool between_members_ = false;
};

class ZstdUnpacker : public Unpacker {
 public:
  ZstdUnpacker() : stream_(::ZSTD_createDStream()) { CHECK(stream_ != nullptr, "no memory"); }
  ~ZstdUnpacker() override { ::ZSTD_freeDStream(stream_); }

  Step unpack(const char* from, std::size_t bytes, char* to, std::size_t room) override {
    ZSTD_inBuffer in{from, bytes, 0};
    ZSTD_outBuffer out{to, room, 0};
    const auto result = ::ZSTD_decompressStream(stream_, &out, &in);
    Step step{in.pos, out.pos, result == 0, {}};
    if (::ZSTD_isError(result) != 0) step.damage = ::ZSTD_getErrorName(result);
    return step;
  }

 private:
  ZSTD_DStream* stream_;
};

struct OtherPacker {
  std::string_view magic;
  std::string_view name;
  std::string_view command;
};

constexpr std::array other_packers{OtherPacker{{"BZh", 3}, "bzip2", "bzip2 -dc"},
                                   OtherPacker{{"\xfd"
                                                "7zXZ\0",
                                                6},
                                               "xz",
                                               "xz -dc"},
                                   OtherPacker{{"PK\x03\x04", 4}, "zip", "unzip -p"},
                                   OtherPacker{{"\x04\x22\x4d\x18", 4}, "lz4", "lz4 -dc"}};

}  // namespace

std::unique_ptr<Unpacker> unpacker_for(std::string_view first_bytes, const std::string& name) {
  if (first_bytes.starts_with(gzip_magic)) return std::make_unique<GzipUnpacker>();
  if (first_bytes.starts_with(zstd_magic)) return std::make_unique<ZstdUnpacker>();
  for (const auto& packer : other_packers) {
    if (!first_bytes.starts_with(packer.magic)) continue;
    throw InputError({name}, fmt::format("is packed by {}; sunder unpacks gzip and zstd. Unpack "
                                         "it: {} FILE | sunder check -",
                                         packer.name, packer.command));
  }
  return nullptr;
}

}  // namespace sunder::history
