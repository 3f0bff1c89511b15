#include "harness/driver/zookeeper/jute.h"

#include <array>
#include <stdexcept>

#include <boost/endian/conversion.hpp>

namespace sunder::harness::zookeeper {

namespace {

template <typename Number>
void append(std::string& bytes, Number value) {
  std::array<unsigned char, sizeof value> buffer{};
  boost::endian::endian_store<Number, sizeof value, boost::endian::order::big>(buffer.data(),
                                                                               value);
  bytes.append(buffer.begin(), buffer.end());
}

}  // namespace

Encoder& Encoder::i32(std::int32_t value) {
  append(bytes_, value);
  return *this;
}

Encoder& Encoder::i64(std::int64_t value) {
  append(bytes_, value);
  return *this;
}

Encoder& Encoder::boolean(bool value) {
  bytes_ += value ? '\1' : '\0';
  return *this;
}

Encoder& Encoder::text(std::string_view value) {
  i32(static_cast<std::int32_t>(value.size()));
  bytes_ += value;
  return *this;
}

std::string Encoder::message() const {
  std::string message;
  append(message, static_cast<std::int32_t>(bytes_.size()));
  return message + bytes_;
}

std::uint64_t Decoder::number(std::size_t size) {
  if (bytes_.size() < size) throw std::invalid_argument("a message of ZooKeeper's ends too soon");
  std::uint64_t value = 0;
  for (const char byte : bytes_.substr(0, size)) {
    value = value << 8 | static_cast<unsigned char>(byte);
  }
  bytes_.remove_prefix(size);
  return value;
}

std::int32_t Decoder::i32() {
  return static_cast<std::int32_t>(number(sizeof(std::int32_t)));
}

std::int64_t Decoder::i64() {
  return static_cast<std::int64_t>(number(sizeof(std::int64_t)));
}

bool Decoder::boolean() {
  return number(1) != 0;
}

std::string Decoder::text() {
  const auto size = i32();
  if (size < 0) return {};
  const auto length = static_cast<std::size_t>(size);
  if (bytes_.size() < length) throw std::invalid_argument("a text of ZooKeeper's ends too soon");
  std::string text(bytes_.substr(0, length));
  bytes_.remove_prefix(length);
  return text;
}

}  // namespace sunder::harness::zookeeper
