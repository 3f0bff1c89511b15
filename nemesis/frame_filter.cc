#include "nemesis/frame_filter.h"

#include <algorithm>

namespace sunder::nemesis {

FrameFilter::Result FrameFilter::feed(std::span<const char> bytes,
                                      std::vector<std::span<const char>>& kept) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (frame_bytes_left_ == 0) {
      if (bytes.size() - at < frame_header_bytes) break;
      const auto header = parse_frame_header(bytes.subspan(at).first<frame_header_bytes>());
      if (!header) return {at, false};
      frame_bytes_left_ = frame_header_bytes + header->payload_bytes;
      keeping_ = keep_(*header);
    }
    const std::span<const char> part =
        bytes.subspan(at, std::min(frame_bytes_left_, bytes.size() - at));
    if (keeping_ && !kept.empty() && kept.back().data() + kept.back().size() == part.data()) {
      kept.back() = {kept.back().data(), kept.back().size() + part.size()};
    } else if (keeping_) {
      kept.push_back(part);
    }
    at += part.size();
    frame_bytes_left_ -= part.size();
  }
  return {at, true};
}

}  // namespace sunder::nemesis
