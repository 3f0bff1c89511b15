#include "harness/recorder.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "checker/history/jsonl.h"

namespace sunder::harness {

namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const char* doing) {
  throw std::runtime_error(
      fmt::format("cannot {} {}: {}", doing, path.string(), std::strerror(errno)));
}

}  // namespace

Recorder::Recorder(const std::filesystem::path& path, const RunClock& clock)
    : path_(path), clock_(clock) {
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
  if (file_ < 0) fail(path_, "create");
}

Recorder::~Recorder() {
  ::close(file_);
}

void Recorder::invoked(history::ProcessId process, const workloads::Call& call) {
  history::Event event;
  event.process = process;
  event.type = history::EventType::invoke;
  event.f = call.f;
  event.key = call.key;
  event.value = call.value;
  record(std::move(event));
}

void Recorder::completed(history::ProcessId process, const workloads::Call& call,
                         const workloads::Completion& completion) {
  switch (completion.type) {
    case history::EventType::ok:
      ++counts_.ok;
      break;
    case history::EventType::fail:
      ++counts_.fail;
      break;
    default:
      ++counts_.info;
  }
  history::Event event;
  event.process = process;
  event.type = completion.type;
  event.f = call.f;
  event.key = call.key;
  event.value = completion.value;
  event.error = completion.error;
  record(std::move(event));
}

void Recorder::record(history::Event event) {
  event.index = next_index_++;
  event.time = clock_.now();
  line_.clear();
  history::append_json_line(line_, event);
  std::size_t written = 0;
  while (written < line_.size()) {
    const ssize_t count = ::write(file_, line_.data() + written, line_.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(path_, "write");
    written += static_cast<std::size_t>(count);
  }
}

}  // namespace sunder::harness
