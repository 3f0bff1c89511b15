#include <system_error>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "node/bench/subject_bench.h"

namespace sunder::bench {

namespace fs = std::filesystem;
using boost::asio::ip::tcp;

std::string_view name_of(Asked asked) {
  return asked == Asked::write ? "write" : "read";
}

Processes::Processes() {
  std::string pattern = (fs::current_path() / "node-bench-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), pattern);
  }
  directory_ = pattern;
}

Processes::~Processes() {
  for (const auto pid : pids_) ::kill(pid, SIGKILL);
  for (const auto pid : pids_) ::waitpid(pid, nullptr, 0);
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void Processes::start(std::vector<std::string> arguments) {
  std::vector<char*> argv;
  for (auto& each : arguments) argv.push_back(each.data());
  argv.push_back(nullptr);
  const auto pid = ::fork();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nowhere = ::open("/dev/null", O_WRONLY);
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
    ::execvp(argv[0], argv.data());
    ::_exit(99);
  }
  if (pid < 0) throw std::system_error(errno, std::generic_category(), "fork");
  pids_.push_back(pid);
}

std::vector<std::uint16_t> free_ports(int count) {
  boost::asio::io_context io;
  std::vector<tcp::acceptor> taken;
  std::vector<std::uint16_t> ports;
  for (int i = 0; i < count; ++i) {
    taken.emplace_back(io, loopback(0));
    ports.push_back(taken.back().local_endpoint().port());
  }
  return ports;
}

tcp::endpoint loopback(std::uint16_t port) {
  return {boost::asio::ip::address_v4::loopback(), port};
}

}  // namespace sunder::bench
