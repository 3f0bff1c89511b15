#include "harness/driver/zookeeper/greeting.h"

#include <cstdint>
#include <stdexcept>

#include "harness/driver/zookeeper/jute.h"

namespace sunder::harness::zookeeper {

namespace {

constexpr std::int64_t protocol_version = -65536;
constexpr std::int32_t longest_address = 4096;
constexpr std::size_t bytes_before_address = 20;

std::int32_t size_in(std::string_view greeting) {
  return Decoder(greeting.substr(bytes_before_address - sizeof(std::int32_t))).i32();
}

}  // namespace

std::optional<std::string> edit_greeting(std::string_view so_far,
                                         const std::function<std::string(NodeId node)>& door_of) {
  if (so_far.size() < bytes_before_address) return std::nullopt;
  Decoder decoder(so_far);
  const auto version = decoder.i64();
  const auto node = decoder.i64();
  const auto size = size_in(so_far);
  if (version != protocol_version || size < 0 || size > longest_address) {
    return std::string(so_far);
  }
  const auto whole = bytes_before_address + static_cast<std::size_t>(size);
  if (so_far.size() < whole) return std::nullopt;
  Encoder edited;
  edited.i64(version).i64(node).text(door_of(NodeId{node}));
  return edited.message().substr(sizeof(std::int32_t)) + std::string(so_far.substr(whole));
}

}  // namespace sunder::harness::zookeeper
