#include "nemesis/network/frame_filter.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace sunder::nemesis {

FrameFilter::Result FrameFilter::feed(std::span<const char> bytes,
                                      std::vector<std::span<const char>>& passed) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (bytes_left_ == 0) {
      if (bytes.size() - at < frame_header_bytes) break;
      try {
        header_ = parse_frame_header({bytes.data() + at, frame_header_bytes});
      } catch (const std::runtime_error& error) {
        return {at, error.what()};
      }
      bytes_left_ = frame_header_bytes + header_.payload_bytes;
      decision_.reset();
    }
    const auto part = bytes.subspan(at, std::min(bytes_left_, bytes.size() - at));
    at += part.size();
    take(part, passed);
  }
  return {at, {}};
}

void FrameFilter::take(std::span<const char> part, std::vector<std::span<const char>>& passed) {
  bytes_left_ -= part.size();
  watch_(header_, part, bytes_left_ == 0);
  if (!decision_) decision_ = decide_(header_);
  if (decision_ == Decision::collect) {
    collecting_.insert(collecting_.end(), part.begin(), part.end());
    if (bytes_left_ == 0) collected_(header_, std::exchange(collecting_, {}));
  } else if (decision_ == Decision::pass) {
    if (!passed.empty() && passed.back().data() + passed.back().size() == part.data()) {
      passed.back() = {passed.back().data(), passed.back().size() + part.size()};
    } else {
      passed.push_back(part);
    }
  }
}

}  // namespace sunder::nemesis
