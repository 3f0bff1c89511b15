#pragma once
// The encoding of ZooKeeper's messages: big-endian numbers, texts with their length before them.

#include <cstdint>
#include <string>
#include <string_view>

namespace sunder::harness::zookeeper {

class Encoder {
 public:
  Encoder& i32(std::int32_t value);
  Encoder& i64(std::int64_t value);
  Encoder& boolean(bool value);
  Encoder& text(std::string_view value);

  /// With its length before it.
  std::string message() const;

 private:
  std::string bytes_;
};

/// Throws std::invalid_argument where the bytes end too soon.
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : bytes_(bytes) {}

  std::int32_t i32();
  std::int64_t i64();
  bool boolean();
  std::string text();
  std::string_view rest() const { return bytes_; }

 private:
  std::uint64_t number(std::size_t size);

  std::string_view bytes_;
};

}  // namespace sunder::harness::zookeeper
