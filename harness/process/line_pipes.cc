#include "harness/process/line_pipes.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <stdexcept>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace sunder::harness {

namespace asio = boost::asio;

namespace {

// A child that says more without a newline talks nonsense and is no longer listened to.
constexpr std::size_t longest_line_bytes = std::size_t{16} << 20;
constexpr std::size_t most_waiting_bytes = std::size_t{16} << 20;

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      throw std::runtime_error(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
    }
    read_end = ends[0];
    write_end = ends[1];
  }
  int read_end;
  int write_end;
};

}  // namespace

class LinePipes::Implementation : public std::enable_shared_from_this<Implementation> {
 public:
  Implementation(asio::io_context& io, ChildEnds& ends, OnLine on_line, OnEnd on_end)
      : on_line_(std::move(on_line)), on_end_(std::move(on_end)), input_(io), output_(io) {
    const Pipe input;
    input_.assign(input.write_end);
    ends.input = input.read_end;
    const Pipe output;
    output_.assign(output.read_end);
    ends.output = output.write_end;
  }

  void read() {
    asio::async_read_until(
        output_, asio::dynamic_buffer(received_, longest_line_bytes), '\n',
        [self = shared_from_this()](boost::system::error_code error, std::size_t size) {
          if (self->dismissed_) return;
          if (error) return std::exchange(self->on_end_, nullptr)();
          const auto line = self->received_.substr(0, size - 1);
          self->received_.erase(0, size);
          self->on_line_(line);
          if (!self->dismissed_) self->read();
        });
  }

  void send(std::string line) {
    if (waiting_bytes_ + line.size() > most_waiting_bytes) return;
    waiting_bytes_ += line.size() + 1;
    waiting_.push_back(std::move(line) + "\n");
    if (waiting_.size() == 1) write();
  }

  void dismiss() {
    dismissed_ = true;
    boost::system::error_code ignored;
    input_.close(ignored);
    output_.close(ignored);
  }

 private:
  // A child that has ended hears nothing more; that it ended is told by its output.
  void write() {
    asio::async_write(input_, asio::buffer(waiting_.front()),
                      [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                        if (error || self->dismissed_) return;
                        self->waiting_bytes_ -= self->waiting_.front().size();
                        self->waiting_.pop_front();
                        if (!self->waiting_.empty()) self->write();
                      });
  }

  OnLine on_line_;
  OnEnd on_end_;
  asio::posix::stream_descriptor input_;
  asio::posix::stream_descriptor output_;
  std::string received_;
  std::deque<std::string> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool dismissed_ = false;
};

LinePipes::LinePipes(asio::io_context& io, ChildEnds& ends, OnLine on_line, OnEnd on_end)
    : implementation_(
          std::make_shared<Implementation>(io, ends, std::move(on_line), std::move(on_end))) {
  implementation_->read();
}

LinePipes::~LinePipes() {
  implementation_->dismiss();
}

void LinePipes::send(std::string line) {
  implementation_->send(std::move(line));
}

}  // namespace sunder::harness
