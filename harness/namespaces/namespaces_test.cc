#include "harness/namespaces/namespaces.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <boost/asio/io_context.hpp>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/process/child_process.h"
#include "harness/process/programs.h"
#include "nemesis/network/link_rules.h"
#include "testing/temporary_folder.h"

namespace sunder::harness {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr NodeId n1{1};
constexpr NodeId n2{2};

std::string content_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

enum class Of { all, node };

/// The states of the processes, of all on this machine, that have the word on their command line:
/// those of a node and the two that wait for it, or without these two.
std::string states_of(const std::string& word, Of whom = Of::all) {
  std::string states;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto words = content_of(entry.path() / "cmdline");
    if (words.find(word) == std::string::npos || entry.path() == "/proc/self") continue;
    if (whom == Of::node && words.find("sunder-namespaces") != std::string::npos) continue;
    const auto stat = content_of(entry.path() / "stat");
    if (const auto name_end = stat.rfind(')'); name_end != std::string::npos) {
      states += stat[name_end + 2];
    }
  }
  return states;
}

/// How many processes are in the network namespace with this name: "net:[4026532000]".
int processes_in(const std::string& network) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::error_code not_there;
    count += std::filesystem::read_symlink(entry.path() / "ns/net", not_there) == network ? 1 : 0;
  }
  return count;
}

/// Until it holds, or for longer than any machine takes.
template <typename Condition>
bool await(const Condition& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    ::usleep(2000);
  }
  return true;
}

/// The one end of a pipe whose other end is a node's.
struct Pipe {
  Pipe() { EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0); }
  ~Pipe() { ::close(ends[0]); }
  /// A line, without its end.
  std::string line() const {
    std::string text;
    char c = 0;
    while (::read(ends[0], &c, 1) == 1 && c != '\n') text += c;
    return text;
  }
  bool is_at_end() const {
    char c = 0;
    return ::read(ends[0], &c, 1) == 0;
  }
  std::array<int, 2> ends{};
};

struct NamespacesTest : testing::Test {
  void SetUp() override {
    if (const auto why = Namespaces::why_impossible()) GTEST_SKIP() << *why;
    namespaces.emplace(watchdog, 2, folder.path());
  }

  /// A shell in the node; what it says by descriptor 3 goes to the pipe.
  std::unique_ptr<ChildProcess> start(const std::string& script, const Pipe& says,
                                      NodeId node = n1) {
    return start(namespaces->inside(node, {"/bin/sh", {"-c", script}}), says);
  }
  std::unique_ptr<ChildProcess> start(const Launch& launch, const Pipe& says) {
    ChildProcess::Options options{launch.program, launch.arguments, folder.path() / "log"};
    options.inherited = says.ends[1];
    options.enters_pid_namespace = launch.enters_pid_namespace;
    return std::make_unique<ChildProcess>(io, watchdog, options,
                                          [this](std::string how) { end = std::move(how); });
  }
  std::string how_it_ends(const std::string& script) {
    const Pipe says;
    const auto process = start(script, says);
    io.restart();
    io.run();
    return end;
  }

  /// errno's value of a connection that clients try to make to a port where nobody listens.
  int connection_to(NodeId node, int type = SOCK_STREAM) const {
    const int socket = namespaces->client_socket(AF_INET, type);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(7000);
    ::inet_pton(AF_INET, namespaces->address(node).c_str(), &where.sin_addr);
    ::fcntl(socket, F_SETFL, O_NONBLOCK);
    const auto* address = reinterpret_cast<const sockaddr*>(&where);
    if (::connect(socket, address, sizeof where) != 0 && errno != EINPROGRESS) return errno;
    if (type == SOCK_DGRAM && ::send(socket, "?", 1, 0) != 1) return errno;
    pollfd answer{socket, static_cast<short>(type == SOCK_DGRAM ? POLLIN : POLLOUT), 0};
    // Only what is answered is waited for as long as it takes.
    const bool is_answered = ::poll(&answer, 1, patience_ms) == 1;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
    ::close(socket);
    return is_answered ? error : ETIMEDOUT;
  }

  TemporaryFolder folder;
  Watchdog watchdog;
  boost::asio::io_context io;
  std::optional<Namespaces> namespaces;
  std::string end;
  int patience_ms = 30'000;
};

TEST_F(NamespacesTest, a_node_has_a_name_an_address_and_processes_of_its_own) {
  const Pipe says;
  const auto process = start(
      "exec >&3; cat /proc/sys/kernel/hostname; getent hosts n1 n2; getent hosts n9; echo $$; "
      "grep hosts: /etc/nsswitch.conf; sed -n 's/^ *\\([a-z0-9]*\\):.*/\\1/p' /proc/net/dev | sort",
      says, n2);
  EXPECT_EQ(says.line(), "n2");
  EXPECT_THAT(says.line(), AllOf(StartsWith("192.0.2.1 "), HasSubstr("n1")));
  EXPECT_THAT(says.line(), AllOf(StartsWith("192.0.2.2 "), HasSubstr("n2")));
  EXPECT_EQ(says.line(), "2");
  if (std::filesystem::exists("/etc/nsswitch.conf")) {
    EXPECT_EQ(says.line(), "hosts: files");
  }
  EXPECT_EQ(says.line(), "eth0");
  EXPECT_EQ(says.line(), "lo");
}

TEST_F(NamespacesTest, the_end_of_a_node_is_told_as_it_was) {
  EXPECT_EQ(how_it_ends("exit 3"), "exit status 3");
  EXPECT_EQ(how_it_ends("true"), "exit status 0");
  EXPECT_EQ(how_it_ends("kill -9 $$"), "signal 9 (Killed)");
  EXPECT_EQ(how_it_ends("kill -SEGV $$"), "signal 11 (Segmentation fault)");
  Launch launch{"/nowhere/server", {}};
  const Pipe says;
  const auto process = start(namespaces->inside(n1, launch), says);
  io.restart();
  io.run();
  EXPECT_EQ(end, "exit status 127");
  EXPECT_THAT(content_of(folder.path() / "log"), HasSubstr("cannot start /nowhere/server"));
}

// Two servers, one of them in a session of its own; the last argument is for states_of.
constexpr const char* two_servers =
    "setsid sh -c 'echo up >&3; while :; do sleep 1000; done' {0} & "
    "(while :; do /bin/true; done) & echo up >&3; while :; do sleep 1000; done";

std::string script_with(const std::string& mark) {
  std::string script = two_servers;
  return script.replace(script.find("{0}"), 3, mark);
}

TEST_F(NamespacesTest, a_kill_kills_what_the_node_has_started_in_other_sessions) {
  const std::string mark = "sunder-killed-" + std::to_string(::getpid());
  const Pipe says;
  const auto process = start(script_with(mark), says);
  EXPECT_EQ(says.line(), "up");
  EXPECT_EQ(says.line(), "up");
  EXPECT_NE(states_of(mark), "");
  process->signal(SIGKILL);
  io.run();
  EXPECT_EQ(end, "signal 9 (Killed)");
  EXPECT_EQ(states_of(mark), "");
  EXPECT_TRUE(says.is_at_end());
}

TEST_F(NamespacesTest, a_pause_stops_all_processes_and_a_resume_continues_them) {
  const std::string mark = "sunder-paused-" + std::to_string(::getpid());
  const Pipe says;
  const auto process = start(script_with(mark), says);
  EXPECT_EQ(says.line(), "up");
  EXPECT_EQ(says.line(), "up");
  for (int round = 0; round < 3; ++round) {
    process->signal(SIGSTOP);
    EXPECT_THAT(states_of(mark, Of::node), testing::MatchesRegex("[TD]+"));
    process->signal(SIGCONT);
    EXPECT_TRUE(await([&] { return states_of(mark).find('T') == std::string::npos; }));
  }
  process->signal(SIGSTOP);
  process->signal(SIGKILL);
  io.run();
  EXPECT_EQ(end, "signal 9 (Killed)");
}

TEST_F(NamespacesTest, a_node_can_end_by_itself_when_it_is_asked_to) {
  const Pipe says;
  const auto process =
      start("trap 'exit 7' TERM; echo up >&3; while :; do sleep 1 & wait; done", says);
  EXPECT_EQ(says.line(), "up");
  process->signal(SIGTERM);
  io.run();
  EXPECT_EQ(end, "exit status 7");
}

TEST_F(NamespacesTest, clients_reach_nodes_only_over_the_switch) {
  nemesis::LinkRules rules;
  patience_ms = 200;
  EXPECT_EQ(connection_to(n2), ETIMEDOUT);
  nemesis::Switch between(rules, namespaces->take_ports(), {});
  patience_ms = 30'000;
  EXPECT_EQ(connection_to(n2), ECONNREFUSED);
  EXPECT_EQ(connection_to(n2, SOCK_DGRAM), ECONNREFUSED);
}

TEST_F(NamespacesTest, a_program_among_the_clients_is_no_process_of_a_node) {
  const Pipe says;
  const auto process = start(
      namespaces->among_clients({"/bin/sh", {"-c", "cat /proc/sys/kernel/hostname >&3"}}), says);
  EXPECT_EQ(says.line(), "clients");
  io.run();
  EXPECT_EQ(end, "exit status 0");
}

TEST_F(NamespacesTest, two_networks_at_once_do_not_meet) {
  TemporaryFolder other_folder;
  Namespaces other(watchdog, 2, other_folder.path());
  nemesis::LinkRules rules;
  nemesis::Switch between(rules, other.take_ports(), {});
  patience_ms = 200;
  EXPECT_EQ(connection_to(n2), ETIMEDOUT);
}

// The child does what sunder does, and is killed in the middle of it.
TEST_F(NamespacesTest, a_sunder_that_is_killed_leaves_no_process_no_namespace_and_no_mount) {
  const std::string mark = "sunder-orphan-" + std::to_string(::getpid());
  const Pipe says;
  const pid_t sunder = ::fork();
  if (sunder == 0) {
    boost::asio::io_context own_io;
    Watchdog own_watchdog;
    Namespaces own(own_watchdog, 2, folder.path());
    const auto script = "readlink /proc/self/ns/net >&3; " + script_with(mark);
    const auto launch = own.inside(n1, {"/bin/sh", {"-c", script, mark}});
    ChildProcess::Options options{launch.program, launch.arguments, folder.path() / "log"};
    options.inherited = says.ends[1];
    options.enters_pid_namespace = true;
    const ChildProcess process(own_io, own_watchdog, options, [](const std::string&) {});
    own_io.run();
    ::_exit(0);
  }
  ::close(says.ends[1]);
  const auto network = says.line();
  EXPECT_THAT(network, StartsWith("net:["));
  EXPECT_EQ(says.line(), "up");
  EXPECT_EQ(says.line(), "up");
  EXPECT_NE(states_of(mark), "");
  EXPECT_GT(processes_in(network), 0);
  ::kill(sunder, SIGKILL);
  ::waitpid(sunder, nullptr, 0);
  EXPECT_TRUE(await([&] { return states_of(mark).empty(); })) << states_of(mark);
  EXPECT_TRUE(says.is_at_end());
  EXPECT_EQ(processes_in(network), 0);
  EXPECT_THAT(content_of("/proc/self/mountinfo"), testing::Not(HasSubstr(folder.path().string())));
}

// In a user namespace of its own, where limits are its own: what the machine's owner may have set.
TEST(WhyNoSwitch, the_program_says_what_forbids_it) {
  if (const auto why = Namespaces::why_impossible()) GTEST_SKIP() << *why;
  const auto probe = (programs_folder() / "sunder-namespaces").string() + " probe";
  const auto said_after = [&probe](const std::string& change) {
    return run_program("/usr/bin/unshare",
                       {"-Urmpf", "--mount-proc", "/bin/sh", "-c", change + " && exec " + probe});
  };
  const auto without_users = said_after("echo 0 >/proc/sys/user/max_user_namespaces");
  EXPECT_NE(without_users.exit_code, 0);
  EXPECT_THAT(without_users.output, HasSubstr("sysctl -w user.max_user_namespaces=10000"));
  const auto without_networks = said_after("echo 0 >/proc/sys/user/max_net_namespaces");
  EXPECT_THAT(without_networks.output, StartsWith("cannot make a network namespace"));
  const auto with_hidden_proc = said_after("mount -t tmpfs none /proc/irq");
  EXPECT_THAT(with_hidden_proc.output, HasSubstr("systempaths=unconfined"));
}

}  // namespace
}  // namespace sunder::harness
