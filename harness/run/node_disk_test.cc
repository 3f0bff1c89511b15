#include "harness/run/node_disk.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/driver/raft/connection.h"
#include "harness/process/loopback_block.h"
#include "harness/process/programs.h"
#include "nemesis/disk/private_mounts.h"
#include "testing/temporary_folder.h"

namespace sunder::harness {
namespace {

namespace fs = std::filesystem;

class NodeDiskTest : public testing::Test {
 protected:
  void SetUp() override {
    // Found beside this program, as sunder finds it.
    if (const auto obstacle = obstacle_to_faulty_disks()) GTEST_SKIP() << *obstacle;
    nemesis::disk::enter_private_mounts();
    watchdog_.emplace();
  }
  void TearDown() override {
    if (!watchdog_) return;
    disk_.reset();
    watchdog_.reset();
  }

  fs::path data() const { return folder_ / "data"; }

  void mount() {
    bool is_mounted = false;
    is_dismissed_ = false;
    disk_ = std::make_unique<NodeDisk>(
        io_, *watchdog_, data(), folder_ / "log", [&] { is_mounted = true; },
        [this](const std::string& how) {
          if (!is_dismissed_) throw std::runtime_error(how);
        });
    run_until([&] { return is_mounted; });
  }
  void unmount() {
    is_dismissed_ = true;
    disk_->dismiss();
    run_until([this] { return disk_->has_ended(); });
    disk_.reset();
  }

  nlohmann::json obey(const std::string& order) {
    std::optional<nlohmann::json> reply;
    disk_->order(order, [&](const nlohmann::json& said) { reply = said; });
    run_until([&] { return reply.has_value(); });
    return *reply;
  }

  template <class Happened>
  void run_until(Happened happened) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!happened()) {
      io_.restart();
      ASSERT_GT(io_.run_one_until(deadline), 0U) << "waited in vain";
    }
  }

  std::string contents(const std::string& name) const {
    std::ifstream file(data() / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  static void write(int file, const std::string& bytes, off_t offset = 0) {
    ASSERT_EQ(::pwrite(file, bytes.data(), bytes.size(), offset),
              static_cast<ssize_t>(bytes.size()));
  }
  int create(const std::string& name, int flags = 0) const {
    return ::open((data() / name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | flags, 0644);
  }
  void sync_folder() const {
    const int folder = ::open(data().c_str(), O_RDONLY | O_CLOEXEC);
    ASSERT_EQ(::fsync(folder), 0);
    ::close(folder);
  }

  const TemporaryFolder temporary_;
  const fs::path& folder_ = temporary_.path();
  boost::asio::io_context io_;
  std::optional<Watchdog> watchdog_;
  std::unique_ptr<NodeDisk> disk_;
  bool is_dismissed_ = false;
};

TEST_F(NodeDiskTest, a_program_finds_after_a_power_loss_only_what_it_has_synced) {
  mount();
  const int log = create("log");
  write(log, "synced");
  ASSERT_EQ(::fdatasync(log), 0);
  sync_folder();
  write(log, " not synced", 6);
  std::ofstream(data() / "never-named") << "x";
  EXPECT_EQ(contents("log"), "synced not synced");
  const auto lost = obey("forget");
  EXPECT_EQ(lost["bytes"], 12);
  EXPECT_EQ(lost["entries"], 1);
  EXPECT_EQ(contents("log"), "synced");
  EXPECT_FALSE(fs::exists(data() / "never-named"));
  ::close(log);
}

TEST_F(NodeDiskTest, a_synced_file_keeps_its_path_if_the_power_loss_keeps_names) {
  mount();
  fs::create_directories(data() / "member" / "wal");
  const int log = create("member/wal/0.tmp");
  write(log, "synced");
  ASSERT_EQ(::fdatasync(log), 0);
  fs::rename(data() / "member/wal/0.tmp", data() / "member/wal/0.wal");
  const auto lost = obey("forget keeping names");
  EXPECT_EQ(lost["entries"], 1);
  EXPECT_EQ(contents("member/wal/0.tmp"), "synced");
  obey("forget");
  EXPECT_EQ(contents("member/wal/0.tmp"), "synced");
  ::close(log);
}

TEST_F(NodeDiskTest, has_the_free_space_of_the_disk_below_and_none_while_it_is_full) {
  mount();
  EXPECT_GT(fs::space(data()).available, 0U);
  EXPECT_EQ(fs::space(data()).capacity, fs::space(folder_).capacity);
  obey("full");
  EXPECT_EQ(fs::space(data()).available, 0U);
  obey("heal");
  EXPECT_GT(fs::space(data()).available, 0U);
}

TEST_F(NodeDiskTest, programs_can_link_files_make_pipes_and_see_times) {
  mount();
  std::ofstream(data() / "a") << "abc";
  fs::create_hard_link(data() / "a", data() / "b");
  EXPECT_EQ(fs::hard_link_count(data() / "b"), 2U);
  fs::remove(data() / "a");
  EXPECT_EQ(contents("b"), "abc");
  fs::create_symlink("b", data() / "c");
  EXPECT_EQ(contents("c"), "abc");
  EXPECT_EQ(::mkfifo((data() / "pipe").c_str(), 0600), 0);
  EXPECT_TRUE(fs::is_fifo(data() / "pipe"));
  const auto age = fs::file_time_type::clock::now() - fs::last_write_time(data() / "b");
  EXPECT_LT(std::chrono::abs(age), std::chrono::hours(1));
  const fs::file_time_type before(fs::last_write_time(data() / "b") - std::chrono::hours(24));
  fs::last_write_time(data() / "b", before);
  EXPECT_EQ(fs::last_write_time(data() / "b"), before);
}

TEST_F(NodeDiskTest, a_write_that_fills_the_disk_is_short_and_the_next_one_fails) {
  mount();
  const int log = create("log");
  obey("full-midway");
  EXPECT_EQ(::pwrite(log, "0123456789", 10, 0), 5);
  EXPECT_EQ(::pwrite(log, "56789", 5, 5), -1);
  EXPECT_EQ(errno, ENOSPC);
  EXPECT_EQ(contents("log"), "01234");
  ::close(log);
}

TEST_F(NodeDiskTest, an_open_file_with_o_dsync_needs_no_sync) {
  mount();
  const int log = create("log", O_DSYNC);
  write(log, "synced");
  sync_folder();
  EXPECT_EQ(obey("forget")["bytes"], 0);
  EXPECT_EQ(contents("log"), "synced");
  ::close(log);
}

TEST_F(NodeDiskTest, stores_to_a_mapped_file_are_lost_unless_they_were_synced) {
  constexpr std::size_t size = 8192;
  mount();
  const int file = create("mapped");
  ASSERT_EQ(::ftruncate(file, size), 0);
  void* address = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ASSERT_NE(address, MAP_FAILED);
  auto* bytes = static_cast<char*>(address);
  bytes[0] = 'S';
  ASSERT_EQ(::msync(address, size, MS_SYNC), 0);
  ASSERT_EQ(::fsync(file), 0);
  sync_folder();
  bytes[1] = 'N';
  EXPECT_GT(obey("forget")["bytes"], 0);
  EXPECT_EQ(bytes[0], 'S');
  EXPECT_EQ(bytes[1], '\0');
  ::munmap(address, size);
  ::close(file);
}

TEST_F(NodeDiskTest, a_disk_fails_a_sync_and_is_full_when_told_so) {
  mount();
  const int log = create("log");
  write(log, "abc");
  obey("fail-sync");
  EXPECT_EQ(::fdatasync(log), -1);
  EXPECT_EQ(errno, EIO);
  obey("full");
  EXPECT_EQ(::pwrite(log, "x", 1, 0), -1);
  EXPECT_EQ(errno, ENOSPC);
  const auto healed = obey("heal");
  EXPECT_EQ(healed["failed_syncs"], 1);
  EXPECT_EQ(healed["refused_writes"], 1);
  write(log, "x");
  ::close(log);
}

TEST_F(NodeDiskTest, afterwards_the_folder_shows_what_was_durable) {
  mount();
  const int log = create("log");
  write(log, "synced");
  ASSERT_EQ(::fsync(log), 0);
  sync_folder();
  write(log, "lost!!");
  ::close(log);
  const int unnamed = create("name-not-synced");
  write(unnamed, "synced");
  ASSERT_EQ(::fsync(unnamed), 0);
  ::close(unnamed);
  unmount();
  EXPECT_EQ(contents("log"), "synced");
  EXPECT_EQ(contents("name-not-synced"), "synced");
  mount();
  EXPECT_EQ(contents("log"), "synced");
}

TEST_F(NodeDiskTest, the_folder_is_free_again_when_the_disks_process_is_killed) {
  mount();
  const int log = create("log");
  disk_.reset();  // SIGKILL, with a file open.
  EXPECT_EQ(::pwrite(log, "x", 1, 0), -1);
  ::close(log);
}

// A process dies between its write and its sync. The next one finds the write, because no power was
// lost; what it builds on must be synced before it promises anything.
TEST_F(NodeDiskTest, a_node_syncs_what_it_recovers) {
  const auto node = programs_folder() / "sunder-node";
  const auto run_node = [&] {
    const pid_t child = ::fork();
    if (child == 0) {
      const std::string path = data().string();
      const int out = ::open((folder_ / "node.log").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
      ::dup2(out, STDOUT_FILENO);
      ::dup2(out, STDERR_FILENO);
      ::execl(node.c_str(), node.c_str(), "--id", "1", "--data", path.c_str(), "--client",
              "127.0.0.1:0", "--listen", "127.0.0.1:0", "--peer", "2=127.0.0.1:1", "--peer",
              "3=127.0.0.1:1", nullptr);
      ::_exit(127);
    }
    return child;
  };
  const auto said = [&](std::string_view text) {
    std::ifstream file(folder_ / "node.log");
    return std::string{std::istreambuf_iterator<char>(file), {}}.find(text) != std::string::npos;
  };
  const auto run_until_up = [&] {
    fs::remove(folder_ / "node.log");
    const pid_t child = run_node();
    while (!said("ready")) {
      ASSERT_EQ(::waitpid(child, nullptr, WNOHANG), 0);
      ::usleep(1000);
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  };
  fs::create_directories(data());
  run_until_up();
  const std::string log = "log-0000000000000001";
  const std::string written = contents(log);
  fs::resize_file(data() / log, 32);
  fs::resize_file(data() / log, written.size());
  ASSERT_NE(contents(log), written);
  mount();
  const int file = create(log);
  write(file, written);
  ::close(file);
  run_until_up();
  obey("forget");
  EXPECT_TRUE(contents(log) == written) << "what was recovered was lost again";
}

/// One node of sunder's own on the disk, alone in its cluster.
class NodeOnDiskTest : public NodeDiskTest {
 protected:
  void TearDown() override {
    node_.reset();
    NodeDiskTest::TearDown();
  }

  void start() {
    end_.clear();
    node_ = std::make_unique<ChildProcess>(
        io_, *watchdog_,
        ChildProcess::Options{
            .program = programs_folder() / "sunder-node",
            .arguments = {"--id", "1", "--data", data().string(), "--client", client_, "--listen",
                          block_.address(1) + ":7100", "--election-timeout", "20ms"},
            .log_file = folder_ / "node.log"},
        [this](const std::string& how) { end_ = how; });
  }
  void kill() {
    node_->signal(SIGKILL);
    run_until([this] { return has_ended(); });
  }
  bool has_ended() const { return !end_.empty(); }

  /// Asks until the node does it or ends.
  std::optional<client_protocol::Reply> ask(client_protocol::Operation operation,
                                            const std::string& value = {}) {
    const client_protocol::Request request{1, ++last_request_, operation, "k", value, {}};
    std::optional<client_protocol::Reply> reply;
    bool is_done = false;
    const RaftSockets doors(io_);
    const auto conversation = doors.dial(client_);
    const auto asking = [&]() -> boost::asio::awaitable<void> {
      const auto line = client_protocol::to_json_line(request) + "\n";
      const auto alarm = doors.time().make_alarm();
      while (!has_ended()) {
        const auto now = doors.time().now();
        const auto attempt =
            co_await conversation->ask(line, request.request, now + std::chrono::seconds(5));
        if (attempt.reply && attempt.reply->status == client_protocol::Status::ok) {
          reply = attempt.reply;
          break;
        }
        alarm->set(doors.time().now() + std::chrono::milliseconds(5));
        co_await alarm->wait();
      }
      is_done = true;
    };
    boost::asio::co_spawn(io_, asking(), [](const std::exception_ptr& error) {
      if (error) std::rethrow_exception(error);
    });
    run_until([&] { return is_done; });
    return reply;
  }

  const LoopbackBlock block_;
  const std::string client_ = block_.address(1) + ":7000";
  std::unique_ptr<ChildProcess> node_;
  std::string end_;
  std::uint64_t last_request_ = 0;
};

/// After a failed sync the kernel shows the bytes and calls their pages clean. A node that starts
/// again must write them again before it acknowledges anything behind them.
TEST_F(NodeOnDiskTest, a_node_keeps_what_it_acknowledges_behind_the_tail_of_a_failed_sync) {
  using client_protocol::Operation;
  mount();
  start();
  ASSERT_TRUE(ask(Operation::write, "synced"));
  obey("fail-sync");
  ASSERT_FALSE(ask(Operation::write, "not synced"));
  start();
  ASSERT_TRUE(ask(Operation::append, ", and more")) << end_;
  kill();
  obey("forget");
  start();
  const auto reply = ask(Operation::read);
  ASSERT_TRUE(reply) << end_;
  EXPECT_EQ(reply->value, "not synced, and more");
}

/// A byte of the last entry that it acknowledged is damaged while it is down.
TEST_F(NodeOnDiskTest, a_node_does_not_start_without_the_last_write_that_it_acknowledged) {
  using client_protocol::Operation;
  int in_the_value = 0;
  for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6}) {
    mount();
    start();
    ASSERT_TRUE(ask(Operation::write, std::string(4000, 'x')));
    kill();
    const auto flip = obey("flip " + std::to_string(seed));
    ASSERT_EQ(flip.count("file"), 1U) << flip;
    if (flip["offset"] > 500) ++in_the_value;
    start();
    EXPECT_FALSE(ask(Operation::read)) << "seed " << seed;
    obey("empty");
    unmount();
  }
  EXPECT_GT(in_the_value, 0);
}

}  // namespace
}  // namespace sunder::harness
