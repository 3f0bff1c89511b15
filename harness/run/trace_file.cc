#include "harness/run/trace_file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <boost/asio/buffer.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace sunder::harness {

namespace {

constexpr int pipe_bytes = 1 << 20;

}  // namespace

struct TraceFile::Pipe {
  Pipe(boost::asio::io_context& io, int descriptor) : stream(io, descriptor) {}
  boost::asio::posix::stream_descriptor stream;
  std::array<char, 1 << 16> bytes{};
  /// The begin of a line whose end has not come yet.
  std::string partial;
};

TraceFile::TraceFile(boost::asio::io_context& io, const std::filesystem::path& path, OnLine on_line,
                     std::function<void()> on_finished)
    : io_(io), file_(path), on_line_(std::move(on_line)), on_finished_(std::move(on_finished)) {}

int TraceFile::open_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error(
        fmt::format("cannot make a pipe for {}: {}", file_.path().string(), std::strerror(errno)));
  }
  // A larger pipe lets the node go on while sunder is busy; the default size works too.
  ::fcntl(ends[1], F_SETPIPE_SZ, pipe_bytes);
  ++open_pipes_;
  read(std::make_shared<Pipe>(io_, ends[0]));
  return ends[1];
}

void TraceFile::read(std::shared_ptr<Pipe> pipe) {
  auto& from = *pipe;
  from.stream.async_read_some(
      boost::asio::buffer(from.bytes), [this, life = std::weak_ptr(life_), pipe = std::move(pipe)](
                                           boost::system::error_code error, std::size_t count) {
        if (life.expired() || error == boost::asio::error::operation_aborted) return;
        if (error) return end_pipe();
        try {
          file(std::string_view(pipe->bytes.data(), count), pipe->partial);
        } catch (...) {
          // Nothing more is read from it: whoever waits for its end must not wait for ever.
          end_pipe();
          throw;
        }
        read(pipe);
      });
}

void TraceFile::end_pipe() {
  if (--open_pipes_ == 0) on_finished_();
}

void TraceFile::file(std::string_view bytes, std::string& partial) {
  partial.append(bytes);
  const auto end = partial.rfind('\n');
  if (end == std::string::npos) return;
  const std::string_view whole(partial.data(), end + 1);
  for (std::size_t from = 0; from < whole.size();) {
    const auto newline = whole.find('\n', from);
    on_line_(whole.substr(from, newline - from));
    from = newline + 1;
  }
  file_.append(whole);
  partial.erase(0, end + 1);
}

}  // namespace sunder::harness
