#pragma once
// Cuts a byte stream at its frames and says which bytes go on. Pure: bytes arrive in any pieces,
// what becomes of a frame is decided once, when its header and term are complete and its first part
// has been watched, and a frame that was begun is finished that way.

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "nemesis/network/frames.h"

namespace sunder::nemesis {

class FrameFilter {
 public:
  enum class Decision {
    pass,  ///< Goes on, piece by piece as it comes.
    drop,
    collect,  ///< Handed over as a whole when it is complete.
  };
  using Decide = std::function<Decision(const FrameHeader&)>;
  using Collected = std::function<void(const FrameHeader&, std::vector<char> frame)>;
  /// Sees all that comes of a frame, whatever becomes of it; the header belongs to the first part.
  using Watch =
      std::function<void(const FrameHeader&, std::span<const char> part, bool is_complete)>;

  FrameFilter(
      Decide decide, Collected collected,
      Watch watch = [](const FrameHeader&, std::span<const char>, bool) {})
      : decide_(std::move(decide)), collected_(std::move(collected)), watch_(std::move(watch)) {}

  struct Result {
    /// How much of `bytes` was dealt with; the rest is the beginning of a header and must be given
    /// again with what follows it.
    std::size_t consumed = 0;
    /// False if a frame should begin where no header is: the stream is garbage from there on.
    bool well_formed = true;
  };

  /// Appends to `passed` the parts of `bytes` that go on, in order, neighbours joined.
  Result feed(std::span<const char> bytes, std::vector<std::span<const char>>& passed);

 private:
  void take(std::span<const char> part, std::vector<std::span<const char>>& passed);

  Decide decide_;
  Collected collected_;
  Watch watch_;
  // The frame under way, and how much of it is still to come, header included.
  FrameHeader header_;
  std::optional<Decision> decision_;
  std::size_t bytes_left_ = 0;
  std::vector<char> collecting_;
};

}  // namespace sunder::nemesis
