#include "node/disk/segment_maker.h"

#include <string>
#include <utility>

namespace sunder {
namespace {

File make_zeros(const std::filesystem::path& path, std::size_t bytes) {
  File file(path, File::Mode::create);
  file.truncate(0);
  file.write_at(0, std::string(bytes, '\0'));
  file.sync();
  return file;
}

}  // namespace

SegmentMaker::SegmentMaker(const std::filesystem::path& directory, std::size_t segment_bytes)
    : path_(directory / "next-segment.tmp"), segment_bytes_(segment_bytes) {}

SegmentMaker::~SegmentMaker() {
  if (next_.valid()) next_.wait();
}

void SegmentMaker::prepare() {
  if (next_.valid()) return;
  next_ = std::async(std::launch::async, make_zeros, path_, segment_bytes_);
}

File SegmentMaker::take() {
  if (!next_.valid()) prepare();
  return next_.get();
}

}  // namespace sunder
