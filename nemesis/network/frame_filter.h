#pragma once
// Cuts a byte stream into frames and decides for each frame which of its bytes are forwarded. Pure:
// bytes arrive in pieces of any size. The filter decides once per frame, when the header is
// complete and after `watch` has seen the first part; the rest of the frame follows that decision.

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "node/api/frame.h"

namespace sunder::nemesis {

class FrameFilter {
 public:
  enum class Decision {
    pass,  ///< Forward each part as it arrives.
    drop,
    collect,  ///< Hand over the whole frame when it is complete.
  };
  using Decide = std::function<Decision(const FrameHeader&)>;
  using Collected = std::function<void(const FrameHeader&, std::vector<char> frame)>;
  /// Called for every part of every frame, before the decision. The header is in the first part.
  using Watch =
      std::function<void(const FrameHeader&, std::span<const char> part, bool is_complete)>;

  FrameFilter(
      Decide decide, Collected collected,
      Watch watch = [](const FrameHeader&, std::span<const char>, bool) {})
      : decide_(std::move(decide)), collected_(std::move(collected)), watch_(std::move(watch)) {}

  struct Result {
    /// The rest of `bytes` is an incomplete header: pass it again, followed by the next bytes.
    std::size_t consumed = 0;
    /// What is wrong with the header after `consumed`; empty if nothing is. The stream ends there.
    std::string error;
  };

  /// Appends to `passed` the parts of `bytes` to forward, in order; adjacent parts are joined.
  Result feed(std::span<const char> bytes, std::vector<std::span<const char>>& passed);

 private:
  void take(std::span<const char> part, std::vector<std::span<const char>>& passed);

  Decide decide_;
  Collected collected_;
  Watch watch_;
  // The current frame, and how many of its bytes are missing, header included.
  FrameHeader header_;
  std::optional<Decision> decision_;
  std::size_t bytes_left_ = 0;
  std::vector<char> collecting_;
};

}  // namespace sunder::nemesis
