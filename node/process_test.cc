// Real node processes on loopback: what only shows with sockets, files and signals.

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "node/api/admin_protocol.h"
#include "node/api/client_protocol.h"
#include "testing/temporary_folder.h"

namespace sunder {
namespace {

namespace fs = std::filesystem;
using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;
using testing::HasSubstr;

int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket, plain, size) != 0 || ::getsockname(socket, plain, &size) != 0) std::abort();
  ::close(socket);
  return ntohs(address.sin_port);
}

/// A connection that never waits longer than ten seconds.
class Wire {
 public:
  explicit Wire(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    is_open_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~Wire() { ::close(socket_); }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  bool is_open() const { return is_open_; }
  /// By the other side.
  bool is_closed() const { return is_closed_; }
  void say(const std::string& bytes) {
    is_open_ = is_open_ && ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                               static_cast<ssize_t>(bytes.size());
  }
  /// Nothing if the other side closed.
  std::optional<std::string> hear_line() {
    for (;;) {
      const auto end = inbox_.find('\n');
      if (end != std::string::npos) {
        auto line = inbox_.substr(0, end);
        inbox_.erase(0, end + 1);
        return line;
      }
      char chunk[4096];
      const auto count = ::recv(socket_, chunk, sizeof(chunk), 0);
      is_closed_ = count == 0 || (count < 0 && errno != EAGAIN);
      if (count <= 0) return std::nullopt;
      inbox_.append(chunk, static_cast<std::size_t>(count));
    }
  }

 private:
  int socket_;
  bool is_open_ = false;
  bool is_closed_ = false;
  std::string inbox_;
};

/// One program, its stderr in a pipe.
class Process {
 public:
  explicit Process(const std::vector<std::string>& arguments) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
    std::vector<char*> argv;
    for (const auto& each : arguments) argv.push_back(const_cast<char*>(each.c_str()));
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::dup2(ends[1], STDERR_FILENO);
      ::execv(argv[0], argv.data());
      ::_exit(99);
    }
    ::close(ends[1]);
    stderr_ = ends[0];
  }
  ~Process() {
    end(SIGKILL);
    ::close(stderr_);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Everything until a line with `text` came, or the end.
  std::string hear_until(const std::string& text) {
    char chunk[512];
    while (said_.find(text) == std::string::npos) {
      const auto count = ::read(stderr_, chunk, sizeof(chunk));
      if (count <= 0) break;
      said_.append(chunk, static_cast<std::size_t>(count));
    }
    return said_;
  }
  /// The exit code, or minus the signal.
  int end(int signal) {
    if (pid_ == 0) return 0;
    if (signal != 0) ::kill(pid_, signal);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  pid_t pid_ = 0;
  int stderr_ = -1;
  std::string said_;
};

class Nodes : public testing::Test {
 protected:
  Nodes() {
    for (int node = 1; node <= 4; ++node) {
      client_port_[node] = free_port();
      peer_port_[node] = free_port();
    }
  }

  std::vector<std::string> arguments(int node) const {
    std::vector<std::string> list{SUNDER_NODE,
                                  "--id",
                                  std::to_string(node),
                                  "--data",
                                  (directory_ / std::to_string(node)).string(),
                                  "--client",
                                  fmt::format("127.0.0.1:{}", client_port_.at(node)),
                                  "--listen",
                                  fmt::format("127.0.0.1:{}", peer_port_.at(node)),
                                  "--voters",
                                  "1,2,3",
                                  "--snapshot-every",
                                  "20",
                                  "--no-sync"};
    for (const auto& [other, port] : peer_port_) {
      if (other == node) continue;
      list.insert(list.end(), {"--peer", fmt::format("{}=127.0.0.1:{}", other, port)});
      list.insert(list.end(),
                  {"--client-of", fmt::format("{}=127.0.0.1:{}", other, client_port_.at(other))});
    }
    return list;
  }

  void start(int node) {
    processes_[node] = std::make_unique<Process>(arguments(node));
    const auto said = processes_[node]->hear_until("ready");
    ASSERT_THAT(said, HasSubstr("ready"));
  }
  void start_three() {
    for (int node = 1; node <= 3; ++node) start(node);
  }

  /// Asks one node after the other, as long as it takes, until one has done it or refuses it.
  template <typename Question>
  Reply ask(const Question& question) {
    for (int attempt = 0; attempt < 2'000; ++attempt) {
      Wire wire(client_port_.at(1 + attempt % 4));
      wire.say(to_json_line(question) + "\n");
      const auto line = wire.is_open() ? wire.hear_line() : std::nullopt;
      if (line) {
        auto reply = client_protocol::parse_reply(*line);
        const bool is_final = reply.status != Status::not_leader && reply.status != Status::unknown;
        if (is_final) return reply;
      }
      // No leader yet, and nothing to wait on that would say when.
      ::usleep(5'000);
    }
    throw std::runtime_error("the cluster does not answer");
  }

  std::string read(const std::string& key) {
    return ask(Request{1, 1, Operation::read, key, "", {}}).value.text_or("(none)");
  }
  int leader() {
    for (;;) {
      for (int node = 1; node <= 4; ++node) {
        Wire wire(client_port_.at(node));
        wire.say(to_json_line(Request{1, 1, Operation::read, "k", "", {}}) + "\n");
        const auto line = wire.is_open() ? wire.hear_line() : std::nullopt;
        if (line && client_protocol::parse_reply(*line).status == Status::ok) return node;
      }
    }
  }

  const TemporaryFolder temporary_;
  const fs::path& directory_ = temporary_.path();
  std::map<int, int> client_port_;
  std::map<int, int> peer_port_;
  std::map<int, std::unique_ptr<Process>> processes_;
};

TEST_F(Nodes, what_was_acknowledged_survives_the_death_of_all) {
  start_three();
  std::string expected;
  for (std::uint64_t request = 1; request <= 50; ++request) {
    const auto element = fmt::format("{} ", request);
    expected += element;
    EXPECT_EQ(ask(Request{7, request, Operation::append, "k", element, {}}).status, Status::ok);
  }
  processes_.clear();
  start_three();
  EXPECT_EQ(read("k"), expected);
  // The last command again, under its own number: answered, not done twice.
  EXPECT_EQ(ask(Request{7, 50, Operation::append, "k", "50 ", {}}).status, Status::ok);
  EXPECT_EQ(read("k"), expected);
}

TEST_F(Nodes, another_leads_when_the_leader_dies_and_a_retry_is_done_once) {
  start_three();
  const Request append{7, 1, Operation::append, "k", "x", {}};
  EXPECT_EQ(ask(append).status, Status::ok);
  processes_.erase(leader());
  EXPECT_EQ(ask(append).status, Status::ok);
  EXPECT_EQ(read("k"), "x");
}

TEST_F(Nodes, garbage_on_either_port_closes_that_connection_and_nothing_else) {
  start_three();
  const auto frame_of_too_many_bytes = std::string("SNDR\xff\xff\xff\x7f", 8) + std::string(8, 0);
  const std::vector<std::pair<int, std::string>> table{
      {client_port_[1], "GET / HTTP/1.1\r\n\r\n"},
      {peer_port_[1], "GET / HTTP/1.1\r\n\r\n"},
      {client_port_[1], std::string(100, '\0') + "\n"},
      {peer_port_[1], std::string(100, '\0')},
      {client_port_[1], std::string(2'000'000, 'x')},
      {peer_port_[1], frame_of_too_many_bytes},
      {client_port_[1], "[[[[[[\n"},
      {peer_port_[1], "[\n"},
  };
  for (const auto& [port, garbage] : table) {
    Wire wire(port);
    wire.say(garbage);
    EXPECT_EQ(wire.hear_line(), std::nullopt);
    EXPECT_TRUE(wire.is_closed()) << garbage.substr(0, 20);
  }
  Wire wire(client_port_[1]);
  wire.say("{\"request\":5,\"op\":\"read\"}\n");
  const auto line = wire.hear_line();
  ASSERT_TRUE(line);
  EXPECT_EQ(client_protocol::parse_reply(*line).status, Status::bad_request);
  EXPECT_EQ(read("k"), "(none)");
  EXPECT_THAT(processes_[1]->hear_until("a line of more than"), HasSubstr("is closed"));
}

TEST_F(Nodes, a_node_joins_and_the_leader_leaves) {
  start_three();
  for (std::uint64_t request = 1; request <= 60; ++request) {
    ask(Request{7, request, Operation::append, "k", "x", {}});
  }
  start(4);
  const admin_protocol::Request add{1, admin_protocol::Action::add, {NodeId{4}}};
  EXPECT_EQ(ask(add).status, Status::ok);
  const int old_leader = leader();
  ask(admin_protocol::Request{1, admin_protocol::Action::remove, {NodeId{old_leader}}});
  processes_.erase(old_leader);
  EXPECT_EQ(read("k"), std::string(60, 'x'));
  const auto shown =
      ask(admin_protocol::Request{1, admin_protocol::Action::show, {}}).value.text_or("");
  EXPECT_THAT(shown, HasSubstr("\"outgoing\":[],\"learners\":[]"));
  EXPECT_THAT(shown, HasSubstr("4]"));
}

TEST_F(Nodes, leadership_is_handed_over_on_demand) {
  start_three();
  const int old_leader = leader();
  const int heir = 1 + old_leader % 3;
  const admin_protocol::Request transfer{1, admin_protocol::Action::transfer, {NodeId{heir}}};
  Wire wire(client_port_[old_leader]);
  wire.say(to_json_line(transfer) + "\n");
  const auto line = wire.hear_line();
  ASSERT_TRUE(line);
  EXPECT_EQ(client_protocol::parse_reply(*line).status, Status::ok) << *line;
  EXPECT_EQ(leader(), heir);
}

TEST_F(Nodes, a_clock_is_set_by_flag_and_by_message_and_read_back) {
  start_three();
  Wire wire(client_port_[1]);
  const auto set = [&wire](admin_protocol::ClockSetting clock) {
    wire.say(to_json_line(admin_protocol::Request{1, admin_protocol::Action::clock, {}, clock}) +
             "\n");
    const auto line = wire.hear_line();
    return line ? client_protocol::parse_reply(*line).value.text_or("") : "(closed)";
  };
  EXPECT_EQ(set({2, std::chrono::seconds(-3)}), R"({"rate":2.0,"ahead_us":-3000000})");
  EXPECT_EQ(set({}), R"({"rate":1.0,"ahead_us":0})");
  // A clock so slow that no election can come about in time, until it is set right.
  for (int node = 1; node <= 3; ++node) {
    processes_.erase(node);
    auto list = arguments(node);
    list.insert(list.end(), {"--clock-rate", "0.01", "--election-timeout", "30s"});
    processes_[node] = std::make_unique<Process>(list);
    processes_[node]->hear_until("ready");
  }
  Wire fast(client_port_[1]);
  fast.say(to_json_line(admin_protocol::Request{
               1, admin_protocol::Action::clock, {}, {1, std::chrono::minutes(2)}}) +
           "\n");
  ASSERT_TRUE(fast.hear_line());
  EXPECT_EQ(leader(), 1);
}

TEST_F(Nodes, a_node_that_is_told_to_end_ends_with_zero) {
  start_three();
  for (auto& [node, process] : processes_) EXPECT_EQ(process->end(SIGTERM), 0);
}

TEST_F(Nodes, what_the_machine_refuses_is_one_line_and_exit_255) {
  start(1);
  auto same_port = arguments(2);
  same_port[6] = fmt::format("127.0.0.1:{}", client_port_[1]);
  Process second(same_port);
  EXPECT_EQ(second.hear_until("(never)"),
            fmt::format("sunder-node: cannot listen on 127.0.0.1:{}: Address already in use\n",
                        client_port_[1]));
  EXPECT_EQ(second.end(0), 255);

  auto same_folder = arguments(2);
  same_folder[4] = (directory_ / "1").string();
  Process third(same_folder);
  EXPECT_THAT(third.hear_until("(never)"), HasSubstr("is in use by another process\n"));
  EXPECT_EQ(third.end(0), 255);
}

TEST_F(Nodes, a_trace_without_a_reader_ends_the_node) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ASSERT_EQ(::fcntl(ends[1], F_SETFD, 0), 0);
  auto list = arguments(1);
  list.insert(list.end(), {"--no-pre-vote", "--trace-fd", std::to_string(ends[1])});
  Process node(list);
  ::close(ends[1]);
  node.hear_until("ready");
  ::close(ends[0]);
  // Its next candidacy is worth a line.
  EXPECT_THAT(node.hear_until("(never)"), HasSubstr("cannot write the trace"));
  EXPECT_EQ(node.end(0), 255);
}

TEST(CommandLine, what_is_wrong_with_a_flag_is_one_line_and_exit_254) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> table{
      {{}, "--id is missing"},
      {{"--id", "0"}, "--id 0: allowed are 1 to 255"},
      {{"--frob"}, "frob"},
      {{"--id", "1", "--data", "d", "--client", "nowhere"}, "\"nowhere\" is not an address"},
      {{"--id", "1", "--data", "d", "--client", "127.0.0.1:1", "--listen", "127.0.0.1:2", "--peer",
        "2"},
       "--peer 2: allowed is 2=127.0.0.1:7102"},
      {{"--id", "1", "--data", "d", "--client", "127.0.0.1:1", "--listen", "127.0.0.1:2",
        "--election-timeout", "soon"},
       "--election-timeout soon: a time with its unit is expected, such as 150ms, 30s or 2m"},
      {{"--id", "1", "--data", "d", "--client", "127.0.0.1:1", "--listen", "127.0.0.1:2",
        "--clock-rate", "nan"},
       "--clock-rate nan: allowed are 0.01 to 100"},
      {{"--id", "1", "--data", "d", "--client", "127.0.0.1:1", "--listen", "127.0.0.1:2",
        "--clock-ahead", "1h"},
       "--clock-ahead 1h: allowed are -3600000000 to 3600000000"},
      {{"--id", "1", "--data", "d", "--client", "127.0.0.1:1", "--listen", "127.0.0.1:2", "--seed",
        "18446744073709551616"},
       "--seed 18446744073709551616: allowed are 0 to 18446744073709551615"},
      {{"--id", "1", "--data", "d", "--client", "127.0.0.1:1", "--listen", "127.0.0.1:2", "--seed",
        "18446744073709551615", "--lease", "--no-check-quorum"},
       "--lease needs check-quorum"},
  };
  for (const auto& [flags, message] : table) {
    std::vector<std::string> arguments{SUNDER_NODE};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    Process process(arguments);
    const auto said = process.hear_until("(never)");
    EXPECT_THAT(said, HasSubstr(message));
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1);
    EXPECT_EQ(process.end(0), 254);
  }
}

}  // namespace
}  // namespace sunder
