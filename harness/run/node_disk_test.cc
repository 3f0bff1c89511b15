#include "harness/run/node_disk.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

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
  unmount();
  EXPECT_EQ(contents("log"), "synced");
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

}  // namespace
}  // namespace sunder::harness
