#include "node/trace_writer.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace sunder {

TraceWriter::TraceWriter(int descriptor, NodeId node, std::chrono::nanoseconds epoch)
    : descriptor_(descriptor), node_(node), epoch_(epoch) {
  if (descriptor_ >= 0 && ::fcntl(descriptor_, F_SETFD, FD_CLOEXEC) != 0) {
    throw std::runtime_error(fmt::format("--trace-fd {} is not an open descriptor", descriptor_));
  }
}

void TraceWriter::write(Term term, const trace::Event& event) {
  if (descriptor_ < 0) return;
  const std::chrono::nanoseconds now = std::chrono::steady_clock::now().time_since_epoch();
  lines_ += trace::to_json_line({now - epoch_, node_, term, event});
  lines_ += '\n';
}

void TraceWriter::flush() {
  std::string_view rest = lines_;
  while (!rest.empty()) {
    const auto count = ::write(descriptor_, rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      throw std::runtime_error(fmt::format("cannot write the trace to descriptor {}: {}",
                                           descriptor_, std::strerror(errno)));
    }
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  lines_.clear();
}

}  // namespace sunder
