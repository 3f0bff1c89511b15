#pragma once
// Replies of Redis (RESP 2), one by one from a stream of bytes.

#include <optional>
#include <string>
#include <vector>

namespace sunder::harness::redis {

struct Reply {
  enum class Kind { text, integer, nothing, error, list };
  Kind kind = Kind::nothing;
  std::string text = {};
  /// Of a list.
  std::vector<Reply> items = {};
};

/// Removes the first complete reply from the received bytes; nothing if it is incomplete. Throws
/// std::invalid_argument for what cannot become one.
std::optional<Reply> take_reply(std::string& received);

}  // namespace sunder::harness::redis
