#include "harness/run/node_disk.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>

#include "harness/process/programs.h"
#include "nemesis/disk/private_mounts.h"

namespace sunder::harness {

namespace asio = boost::asio;

namespace {

std::filesystem::path disk_program() {
  return programs_folder() / "sunder-disk";
}

}  // namespace

std::optional<std::string> obstacle_to_faulty_disks() {
  const auto program = disk_program();
  if (!std::filesystem::exists(program)) {
    return fmt::format("{} is not there: './dev build' makes it", program.string());
  }
  auto [exit_code, said] = run_program(program, {"--probe"});
  if (exit_code == 0) return std::nullopt;
  // The first line says why, the rest what came of it.
  said.resize(std::min(said.find('\n'), said.size()));
  return said.empty() ? program.string() + " --probe failed" : said;
}

// Outlives the NodeDisk by the handlers that are still under way.
class NodeDisk::Conversation : public std::enable_shared_from_this<Conversation> {
 public:
  Conversation(asio::io_context& io, int descriptor)
      : socket_(io, asio::local::stream_protocol(), descriptor) {}

  void expect(Done done) { waiting_.push_back(std::move(done)); }

  void send(const std::string& order, Done done) {
    expect(std::move(done));
    outgoing_ += order + "\n";
    if (writing_.empty()) write();
  }

  void listen() {
    asio::async_read_until(socket_, asio::dynamic_buffer(incoming_), '\n',
                           [self = shared_from_this()](auto error, std::size_t size) {
                             // ChildProcess reports the end of the process.
                             if (error || self->is_over_) return;
                             const auto reply =
                                 nlohmann::json::parse(self->incoming_.substr(0, size));
                             self->incoming_.erase(0, size);
                             const Done done = std::move(self->waiting_.front());
                             self->waiting_.pop_front();
                             self->listen();
                             done(reply);
                           });
  }

  void close() {
    is_over_ = true;
    waiting_.clear();
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

  bool is_waiting() const { return !waiting_.empty(); }

 private:
  void write() {
    writing_ = std::exchange(outgoing_, {});
    asio::async_write(socket_, asio::buffer(writing_),
                      [self = shared_from_this()](auto error, std::size_t) {
                        self->writing_.clear();
                        if (!error && !self->outgoing_.empty()) self->write();
                      });
  }

  asio::local::stream_protocol::socket socket_;
  std::deque<Done> waiting_;
  std::string outgoing_;
  std::string writing_;
  std::string incoming_;
  bool is_over_ = false;
};

NodeDisk::NodeDisk(asio::io_context& io, Watchdog& watchdog, const std::filesystem::path& folder,
                   const std::filesystem::path& log_file, std::function<void()> on_mounted,
                   std::function<void(const std::string&)> on_end)
    : watchdog_(watchdog), folder_(folder), on_end_(std::move(on_end)) {
  std::filesystem::create_directories(folder);
  watchdog.guard_mount(folder);
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot make a socket for a disk");
  }
  conversation_ = std::make_shared<Conversation>(io, ends[0]);
  conversation_->expect(
      [on_mounted = std::move(on_mounted)](const nlohmann::json&) { on_mounted(); });
  process_ = std::make_unique<ChildProcess>(
      io, watchdog, ChildProcess::Options{disk_program(), {folder.string()}, log_file, ends[1]},
      [this](const std::string& how) {
        process_.reset();
        on_end_(how);
      });
  conversation_->listen();
}

NodeDisk::~NodeDisk() {
  conversation_->close();
  process_.reset();
  // If it was not dismissed, or not in time.
  nemesis::disk::unmount(folder_);
  watchdog_.release_mount(folder_);
}

void NodeDisk::order(const std::string& order, Done done) {
  conversation_->send(order, std::move(done));
}

bool NodeDisk::is_busy() const {
  return conversation_->is_waiting();
}

void NodeDisk::dismiss() {
  conversation_->close();
}

}  // namespace sunder::harness
