#include "harness/line_process.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <optional>
#include <stdexcept>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace sunder::harness {

namespace asio = boost::asio;

namespace {

// A process that says more without a newline talks nonsense and is no longer listened to.
constexpr std::size_t longest_line_bytes = std::size_t{16} << 20;

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

class LineProcess::Implementation : public std::enable_shared_from_this<Implementation> {
 public:
  Implementation(asio::io_context& io, Watchdog& watchdog, const Options& options, OnLine on_line,
                 OnEnd on_end)
      : on_line_(std::move(on_line)), on_end_(std::move(on_end)), input_(io), output_(io) {
    const Pipe input;
    input_.assign(input.write_end);
    const Pipe output;
    output_.assign(output.read_end);
    ChildProcess::Options child{options.program, options.arguments, options.log_file};
    child.environment = options.environment;
    child.input = input.read_end;
    child.output = output.write_end;
    process_.emplace(io, watchdog, child, [this](const std::string& how) {
      how_it_ended_ = how;
      end_if_over();
    });
  }

  void read() {
    asio::async_read_until(
        output_, asio::dynamic_buffer(received_, longest_line_bytes), '\n',
        [self = shared_from_this()](boost::system::error_code error, std::size_t size) {
          if (self->dismissed_) return;
          if (error) return self->all_was_said();
          const auto line = self->received_.substr(0, size - 1);
          self->received_.erase(0, size);
          self->on_line_(line);
          if (!self->dismissed_) self->read();
        });
  }

  void send(std::string line) {
    waiting_.push_back(std::move(line) + "\n");
    if (waiting_.size() == 1) write();
  }

  void dismiss() {
    dismissed_ = true;
    process_.reset();
    boost::system::error_code ignored;
    input_.close(ignored);
    output_.close(ignored);
  }

  ChildProcess& process() { return *process_; }

 private:
  // A process that has ended hears nothing more; how it ended is told by its exit.
  void write() {
    asio::async_write(input_, asio::buffer(waiting_.front()),
                      [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                        if (error || self->dismissed_) return;
                        self->waiting_.pop_front();
                        if (!self->waiting_.empty()) self->write();
                      });
  }

  void all_was_said() {
    output_ended_ = true;
    end_if_over();
  }

  void end_if_over() {
    if (!how_it_ended_ || !output_ended_ || dismissed_) return;
    const auto on_end = std::exchange(on_end_, nullptr);
    if (on_end) on_end(*how_it_ended_);
  }

  OnLine on_line_;
  OnEnd on_end_;
  asio::posix::stream_descriptor input_;
  asio::posix::stream_descriptor output_;
  std::optional<ChildProcess> process_;
  std::string received_;
  std::deque<std::string> waiting_;
  std::optional<std::string> how_it_ended_;
  bool output_ended_ = false;
  bool dismissed_ = false;
};

LineProcess::LineProcess(asio::io_context& io, Watchdog& watchdog, const Options& options,
                         OnLine on_line, OnEnd on_end)
    : implementation_(std::make_shared<Implementation>(io, watchdog, options, std::move(on_line),
                                                       std::move(on_end))) {
  implementation_->read();
}

LineProcess::~LineProcess() {
  implementation_->dismiss();
}

void LineProcess::send(std::string line) {
  implementation_->send(std::move(line));
}

pid_t LineProcess::pid() const {
  return implementation_->process().pid();
}

void LineProcess::signal(int number) {
  implementation_->process().signal(number);
}

}  // namespace sunder::harness
