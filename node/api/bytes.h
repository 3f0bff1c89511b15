#pragma once
// Little-endian bytes, written to a string and read from a view. Reading past the end throws
// std::runtime_error, since the bytes may come from a peer or a damaged file.

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sunder {

static_assert(std::endian::native == std::endian::little, "the formats are little endian");

class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(out) {}

  template <std::integral Number>
  void number(Number value) {
    char bytes[sizeof(value)];
    std::memcpy(bytes, &value, sizeof(value));
    out_.append(bytes, sizeof(value));
  }
  void raw(std::string_view bytes) { out_.append(bytes); }
  /// Preceded by its length (32 bits).
  void text(std::string_view bytes) {
    number(static_cast<std::uint32_t>(bytes.size()));
    raw(bytes);
  }

 private:
  std::string& out_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view in) : in_(in) {}

  template <std::integral Number>
  Number number() {
    Number value;
    const auto bytes = raw(sizeof(value));
    std::memcpy(&value, bytes.data(), sizeof(value));
    return value;
  }
  std::string_view raw(std::size_t size) {
    if (size > in_.size()) throw std::runtime_error("cut short");
    const auto bytes = in_.substr(0, size);
    in_.remove_prefix(size);
    return bytes;
  }
  std::string_view text() { return raw(number<std::uint32_t>()); }
  std::string_view rest() { return raw(in_.size()); }
  bool at_end() const { return in_.empty(); }
  void expect_end() const {
    if (!at_end()) throw std::runtime_error("followed by more bytes than it should be");
  }

 private:
  std::string_view in_;
};

}  // namespace sunder
