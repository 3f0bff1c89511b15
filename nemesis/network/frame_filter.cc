#include "nemesis/network/frame_filter.h"

#include <algorithm>
#include <utility>

namespace sunder::nemesis {

FrameFilter::Result FrameFilter::feed(std::span<const char> bytes,
                                      std::vector<std::span<const char>>& passed) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (bytes_left_ == 0) {
      if (bytes.size() - at < frame_header_bytes) break;
      auto header = parse_frame_header(bytes.subspan(at).first<frame_header_bytes>());
      if (!header) return {at, false};
      if (header->payload_bytes >= term_bytes) {
        if (bytes.size() - at < frame_header_bytes + term_bytes) break;
        header->term = parse_term(bytes.subspan(at + frame_header_bytes).first<term_bytes>());
      }
      header_ = *header;
      bytes_left_ = frame_header_bytes + header->payload_bytes;
      decision_.reset();
    }
    const auto part = bytes.subspan(at, std::min(bytes_left_, bytes.size() - at));
    at += part.size();
    take(part, passed);
  }
  return {at, true};
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
