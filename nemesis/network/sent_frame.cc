#include "nemesis/network/sent_frame.h"

#include <bit>
#include <cstring>

namespace sunder::nemesis {
namespace {

static_assert(std::endian::native == std::endian::little, "frames are little endian");

/// Takes numbers and texts off the front; past the end it gives nothing ever after.
class Payload {
 public:
  explicit Payload(std::string_view bytes) : bytes_(bytes) {}

  template <typename Number>
  Number number() {
    Number value{};
    const std::string_view raw = take(sizeof(value));
    if (is_whole_) std::memcpy(&value, raw.data(), sizeof(value));
    return value;
  }
  std::string_view text() { return take(number<std::uint32_t>()); }
  bool is_whole() const { return is_whole_; }
  bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view take(std::size_t size) {
    is_whole_ = is_whole_ && size <= bytes_.size();
    if (!is_whole_) return {};
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }

  std::string_view bytes_;
  bool is_whole_ = true;
};

}  // namespace

bool only_a_leader_sends(FrameType type) {
  return type == FrameType::append_entries || type == FrameType::install_snapshot ||
         type == FrameType::timeout_now;
}

bool is_watched(FrameType type) {
  return only_a_leader_sends(type) || type == FrameType::append_reply;
}

std::optional<SentFrame> parse_sent_frame(Link link, const FrameHeader& header,
                                          std::string_view frame) {
  if (!header.term || !is_watched(header.type)) return std::nullopt;
  SentFrame sent{link, header.type, *header.term, 0, 0, {}, {}};
  Payload payload(frame.substr(frame_header_bytes + term_bytes));
  if (header.type == FrameType::append_reply) {
    const auto accepted = payload.number<std::uint8_t>();
    const auto index = payload.number<std::uint64_t>();
    if (!payload.is_whole()) return std::nullopt;
    if (accepted != 0) sent.acknowledged = index;
  }
  if (header.type != FrameType::append_entries) return sent;
  sent.previous_term = payload.number<std::uint64_t>();
  sent.first = payload.number<std::uint64_t>() + 1;
  payload.number<std::uint64_t>();  // The commit index.
  payload.number<std::uint64_t>();  // The round.
  for (auto left = payload.number<std::uint32_t>(); left > 0 && payload.is_whole(); --left) {
    const auto term = payload.number<std::uint64_t>();
    const auto type = payload.number<std::uint8_t>();
    sent.entries.push_back({term, type, payload.text()});
  }
  if (!payload.is_whole() || !payload.at_end()) return std::nullopt;
  return sent;
}

}  // namespace sunder::nemesis
