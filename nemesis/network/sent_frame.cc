#include "nemesis/network/sent_frame.h"

#include <stdexcept>

namespace sunder::nemesis {
namespace {

void read_entries(ByteReader& in, SentFrame& sent) {
  const auto fields = read_append(in);
  sent.previous_term = fields.previous_term;
  sent.first = fields.previous_index.next();
  for (auto left = fields.entries; left > 0; --left) sent.entries.push_back(read_entry(in));
  in.expect_end();
}

}  // namespace

bool only_a_leader_sends(FrameType type) {
  return type == FrameType::append_entries || type == FrameType::install_snapshot ||
         type == FrameType::timeout_now;
}

bool is_watched(FrameType type) {
  return only_a_leader_sends(type) || type == FrameType::append_reply;
}

std::optional<SentFrame> parse_sent_frame(Link link, FrameType type, std::string_view payload) {
  if (!is_watched(type)) return std::nullopt;
  try {
    ByteReader in(payload);
    SentFrame sent{link, type, read_term(in), {}, {}, {}, {}};
    if (type == FrameType::append_entries) read_entries(in, sent);
    if (type == FrameType::append_reply) {
      const auto reply = read_append_reply(in);
      if (reply.accepted) sent.acknowledged = reply.index;
    }
    return sent;
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

std::optional<Observation> observe(const SentFrame& sent, std::chrono::nanoseconds time) {
  NodeEvent event{};
  if (sent.type == FrameType::append_entries && !sent.entries.empty()) {
    event = NodeEvent::entries_sent;
  } else if (sent.type == FrameType::install_snapshot) {
    event = NodeEvent::snapshot_sent;
  } else if (sent.type == FrameType::append_reply) {
    event = NodeEvent::answer_sent;
  } else {
    return std::nullopt;
  }
  return Observation{sent.link.from, sent.term.value, event, {}, {}, sent.link.to, time};
}

}  // namespace sunder::nemesis
