// `sunder serve` as its users meet it: over sockets, well-behaved or not.

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>

#include "harness/sunder_program_test.h"
#include "results/store/folder_in_use.h"
#include "results/store/run_store.h"

namespace sunder::harness {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::ip::tcp;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class SunderServe : public SunderProgram {
 protected:
  void SetUp() override {
    SunderProgram::SetUp();
    const auto store = results::RunStore::create(
        runs(), "register", 7, std::chrono::system_clock::time_point(std::chrono::hours(500'000)));
    run_ = std::make_unique<results::RunStore>(store);
    store.write_plan(R"({"system":"raft","workload":"register","nemeses":["kill"],"seed":7})");
    std::ofstream(store.history_path()) << "0123456789";
    std::ofstream(folder_ / "secret") << "the secret";
    server_ = start(flags({"--port", "0"}));
    port_ = port_said_by(server_);
  }
  void TearDown() override {
    if (server_ > 0) {
      ::kill(server_, SIGKILL);
      wait_for(server_);
    }
    SunderProgram::TearDown();
  }

  std::vector<std::string> flags(std::vector<std::string> more) const {
    std::vector<std::string> all{"serve", "--runs-dir", runs().string(), "--campaigns-dir",
                                 runs().string()};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  /// Blocks until the server says where it is.
  unsigned short port_said_by(pid_t server) const {
    for (;;) {
      const auto said = read("out");
      if (said.ends_with("/\n")) {
        return static_cast<unsigned short>(std::stoi(said.substr(said.rfind(':') + 1)));
      }
      if (::waitpid(server, nullptr, WNOHANG) != 0) {
        ADD_FAILURE() << read("err");
        return 0;
      }
      ::usleep(1000);
    }
  }

  tcp::socket connected() {
    tcp::socket socket(io_);
    socket.connect({asio::ip::make_address("127.0.0.1"), port_});
    return socket;
  }

  static std::string rest_of(tcp::socket& socket) {
    std::string answer;
    boost::system::error_code error;
    asio::read(socket, asio::dynamic_buffer(answer), error);
    EXPECT_EQ(error, asio::error::eof);
    return answer;
  }

  /// What comes until the server closes.
  std::string answer_to(const std::string& bytes) {
    auto socket = connected();
    boost::system::error_code closed_early;
    asio::write(socket, asio::buffer(bytes), closed_early);
    return rest_of(socket);
  }

  std::string get(const std::string& target, const std::string& fields = "") {
    return answer_to(fmt::format(
        "GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{}\r\n", target, fields));
  }

  std::string address_of_run() const { return "/runs/" + run_->label(); }

  asio::io_context io_;
  std::unique_ptr<results::RunStore> run_;
  pid_t server_ = -1;
  unsigned short port_ = 0;
};

TEST_F(SunderServe, the_list_has_every_run_as_it_is_now) {
  EXPECT_THAT(get("/"), AllOf(StartsWith("HTTP/1.1 200 OK"), HasSubstr(run_->label()),
                              HasSubstr("\"in_progress\":false")));
  const results::FolderInUse in_progress(run_->folder());
  EXPECT_THAT(get("/"), HasSubstr("\"in_progress\":true"));
}

TEST_F(SunderServe, files_are_sent_whole_and_in_parts) {
  const auto file = address_of_run() + "/history.jsonl";
  EXPECT_THAT(get(file),
              AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("Content-Length: 10\r\n"),
                    HasSubstr("Content-Type: text/plain"), EndsWith("\r\n\r\n0123456789")));
  EXPECT_THAT(get(file, "Range: bytes=2-4\r\n"),
              AllOf(StartsWith("HTTP/1.1 206"), HasSubstr("Content-Range: bytes 2-4/10\r\n"),
                    EndsWith("\r\n\r\n234")));
  EXPECT_THAT(get(file, "Range: bytes=10-\r\n"),
              AllOf(StartsWith("HTTP/1.1 416"), HasSubstr("Content-Range: bytes */10\r\n")));
  EXPECT_THAT(
      answer_to("HEAD " + file + " HTTP/1.0\r\nHost: localhost\r\n\r\n"),
      AllOf(StartsWith("HTTP/1.0 200"), HasSubstr("Content-Length: 10\r\n"), EndsWith("\r\n\r\n")));
}

TEST_F(SunderServe, a_file_larger_than_any_buffer_arrives_whole) {
  std::string text;
  for (int i = 0; text.size() < 20'000'000; ++i) text += std::to_string(i) + '\n';
  std::ofstream(run_->history_path()) << text;
  const auto answer = get(address_of_run() + "/history.jsonl");
  EXPECT_TRUE(answer.ends_with("\r\n\r\n" + text)) << answer.substr(0, 300);
}

TEST_F(SunderServe, no_path_leads_out_of_the_folders) {
  fs::create_symlink(folder_, runs() / "out");
  fs::create_symlink(folder_ / "secret", run_->folder() / "secret.log");
  for (const std::string target :
       {"/runs/../secret", "/runs/%2e%2e/secret", "/runs/..%2fsecret", "/runs/out/secret",
        "/runs/./../secret", "/campaigns/../secret", "/live/../../secret", "//secret",
        "/runs/register/../../secret", "/runs/%00", "/secret", "/runs//etc/passwd"}) {
    EXPECT_THAT(get(target), AllOf(StartsWith("HTTP/1.1 404"), Not(HasSubstr("the secret"))))
        << target;
  }
  EXPECT_THAT(get(address_of_run() + "/secret.log"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(get(address_of_run()), StartsWith("HTTP/1.1 404"));
}

TEST_F(SunderServe, every_broken_request_has_its_answer) {
  const std::string host = "Host: localhost\r\n";
  const struct {
    std::string bytes;
    const char* answer;
  } rows[] = {
      {"nonsense\r\n\r\n", "HTTP/1.1 400"},
      {"GET\r\n\r\n", "HTTP/1.1 400"},
      {"GET / HTTP/9.9\r\n" + host + "\r\n", "HTTP/1.1 505"},
      {std::string("\x16\x03\x01\x00\x00", 5) + "\r\n\r\n", "HTTP/1.1 400"},
      {"GET / HTTP/1.1\r\n" + host + "X: " + std::string(100'000, 'x') + "\r\n\r\n",
       "HTTP/1.1 431"},
      {"GET /" + std::string(100'000, 'x') + " HTTP/1.1\r\n" + host + "\r\n", "HTTP/1.1 431"},
      {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400"},
      {"GET / HTTP/1.1\r\n" + host + host + "Connection: close\r\n\r\n", "HTTP/1.1 400"},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nabc", "HTTP/1.1 405"},
      {"DELETE / HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n", "HTTP/1.1 405"},
      {"BREW / HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n", "HTTP/1.1 501"},
      {"GET / HTTP/1.1\r\n" + host + "Content-Length: x\r\n\r\n", "HTTP/1.1 400"},
      {"GET /none HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n", "HTTP/1.1 404"},
      {"GET * HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n", "HTTP/1.1 404"},
  };
  for (const auto& row : rows) {
    EXPECT_THAT(answer_to(row.bytes), StartsWith(row.answer)) << row.bytes.substr(0, 60);
  }
  EXPECT_THAT(get("/"), StartsWith("HTTP/1.1 200"));
}

TEST_F(SunderServe, another_name_for_this_machine_is_refused) {
  const auto with_host = [this](const char* host) {
    return answer_to(fmt::format("GET / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", host));
  };
  EXPECT_THAT(with_host("evil.example"), StartsWith("HTTP/1.1 421"));
  EXPECT_THAT(with_host("127.0.0.1:8080"), StartsWith("HTTP/1.1 200"));
}

TEST_F(SunderServe, one_connection_carries_many_requests) {
  const std::string request = "GET /none HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const auto answers = answer_to(request + request + "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n");
  const auto second = answers.find("HTTP/1.1 404", 1);
  ASSERT_NE(second, std::string::npos) << answers.substr(0, 500);
  EXPECT_NE(answers.find("HTTP/1.0 200", second), std::string::npos);
}

TEST_F(SunderServe, a_run_in_progress_is_told_as_it_happens) {
  auto in_progress = std::make_unique<results::FolderInUse>(run_->folder());
  std::ofstream(run_->history_path()) << "{\"index\":0}\n";
  EXPECT_THAT(get("/live/" + run_->label()), HasSubstr("/live/" + run_->label() + "/events"));
  auto socket = connected();
  asio::write(socket, asio::buffer("GET /live/" + run_->label() +
                                   "/events HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  std::string answer;
  const auto until = [&](std::string_view text) {
    while (answer.find(text) == std::string::npos) {
      std::array<char, 4096> bytes;
      answer.append(bytes.data(), socket.read_some(asio::buffer(bytes)));
    }
  };
  until("data: {\"index\":0}\n\n");
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/event-stream"));
  std::ofstream(run_->history_path(), std::ios::app) << "{\"index\":1}\n";
  until("data: {\"index\":1}\n\n");
  run_->write_report("<html>");
  in_progress.reset();
  EXPECT_THAT(rest_of(socket),
              EndsWith("event: done\ndata: " + address_of_run() + "/report.html\n\n"));
}

TEST_F(SunderServe, ctrl_c_ends_it_with_connections_open) {
  auto idle = connected();
  const results::FolderInUse in_progress(run_->folder());
  auto watching = connected();
  asio::write(watching, asio::buffer("GET /live/" + run_->label() +
                                     "/events HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  std::array<char, 15> bytes;
  asio::read(watching, asio::buffer(bytes));
  ::kill(server_, SIGINT);
  const auto ended = wait_for(std::exchange(server_, -1));
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.err, "");
}

TEST_F(SunderServe, a_port_in_use_is_said_in_one_line) {
  const auto other = start(flags({"--port", std::to_string(port_)}));
  const auto ended = wait_for(other);
  EXPECT_EQ(ended.exit_code, 255);
  EXPECT_EQ(ended.err, fmt::format("sunder: cannot listen at 127.0.0.1 port {}: Address already in "
                                   "use; choose others with --host and --port\n",
                                   port_));
}

TEST_F(SunderServe, wrong_flags_are_named) {
  for (const auto& [flag, value] : {std::pair{"--port", "70000"},
                                    {"--port", "x"},
                                    {"--host", "nowhere"},
                                    {"--runs-dir", "/none"}}) {
    const auto ended = sunder({"serve", "--runs-dir", runs().string(), flag, value});
    EXPECT_EQ(ended.exit_code, 254) << flag;
    EXPECT_THAT(ended.err, HasSubstr(flag));
  }
}

}  // namespace
}  // namespace sunder::harness
