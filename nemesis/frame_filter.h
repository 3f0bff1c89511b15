#pragma once
// Cuts a byte stream at its frames and says which bytes go on. Pure: bytes arrive in any pieces,
// whole frames are kept or dropped, decided once when a frame's header is complete; a frame that
// was begun is finished the way it was begun.

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "nemesis/frames.h"

namespace sunder::nemesis {

class FrameFilter {
 public:
  using Keep = std::function<bool(const FrameHeader&)>;

  explicit FrameFilter(Keep keep) : keep_(std::move(keep)) {}

  struct Result {
    /// How much of `bytes` was dealt with; the rest is the beginning of a header and must be given
    /// again with what follows it.
    std::size_t consumed = 0;
    /// False if a frame should begin where no header is: the stream is garbage from there on.
    bool well_formed = true;
  };

  /// Appends to `kept` the parts of `bytes` that go on, in order, neighbours joined.
  Result feed(std::span<const char> bytes, std::vector<std::span<const char>>& kept);

 private:
  Keep keep_;
  // Of the frame under way, header included.
  std::size_t frame_bytes_left_ = 0;
  bool keeping_ = false;
};

}  // namespace sunder::nemesis
