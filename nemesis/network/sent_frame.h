#pragma once
// A message as an observer of the wire sees it: those that only a leader sends, with their entries,
// and the replies to append_entries. Triggers and the wire witness use them.

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "nemesis/link.h"
#include "nemesis/schedule/observation.h"
#include "node/api/frame.h"
#include "node/api/message_fields.h"

namespace sunder::nemesis {

struct SentFrame {
  Link link;
  FrameType type{};
  Term term;
  /// Of append_entries: the index of the first entry, and the term of the entry before it.
  Index first;
  Term previous_term;
  /// Empty in a heartbeat, and in frames of other types than append_entries. Their data is valid
  /// only during the call of WatchFrames.
  std::vector<EntryFields> entries;
  /// Of an append_reply that accepts: up to this index the follower's log equals the leader's.
  std::optional<Index> acknowledged = {};
};

/// Called for each watched frame when it is complete, also if the link then drops it. Rule changes
/// made in this callback apply to this frame, unless part of it was already forwarded.
using WatchFrames = std::function<void(const SentFrame&)>;

bool only_a_leader_sends(FrameType type);

/// Whether WatchFrames is called for frames of this type.
bool is_watched(FrameType type);

/// Empty if the type is not watched, or if the payload is not what the type says.
std::optional<SentFrame> parse_sent_frame(Link link, FrameType type, std::string_view payload);

/// Empty if the message is none of the events.
std::optional<Observation> observe(const SentFrame& sent, std::chrono::nanoseconds time);

}  // namespace sunder::nemesis
