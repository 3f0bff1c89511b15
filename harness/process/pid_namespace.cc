#include "harness/process/pid_namespace.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

namespace sunder::harness {

namespace {

struct Process {
  pid_t pid = 0;
  pid_t parent = 0;
  char state = 'X';
};

// /proc/N/stat: the name, in parentheses, may contain anything.
std::optional<Process> process_at(const char* number) {
  const std::string path = std::string("/proc/") + number + "/stat";
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  std::string text(512, '\0');
  const ssize_t size = ::read(file, text.data(), text.size());
  ::close(file);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  const auto behind_name = text.rfind(')');
  if (behind_name == std::string::npos) return std::nullopt;
  Process process;
  std::istringstream fields(text.substr(behind_name + 1));
  fields >> process.state >> process.parent;
  process.pid = static_cast<pid_t>(std::atoi(number));
  return process;
}

std::vector<Process> all_processes() {
  std::vector<Process> all;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto name = entry.path().filename().string();
    if (std::isdigit(static_cast<unsigned char>(name.front())) == 0) continue;
    if (const auto process = process_at(name.c_str())) all.push_back(*process);
  }
  return all;
}

struct Inhabitants {
  bool has_entrance = false;
  /// Process 1; 0 if there is none yet, or none any more.
  pid_t init = 0;
  /// What descends from it.
  std::vector<Process> others;
};

Inhabitants inhabitants_behind(pid_t entrance) {
  std::multimap<pid_t, Process> children;
  Inhabitants found;
  for (const auto& process : all_processes()) {
    children.emplace(process.parent, process);
    found.has_entrance = found.has_entrance || process.pid == entrance;
  }
  const auto first = children.find(entrance);
  if (first == children.end()) return found;
  found.init = first->second.pid;
  std::vector<pid_t> parents{found.init};
  while (!parents.empty()) {
    const auto [begin, end] = children.equal_range(parents.back());
    parents.pop_back();
    for (auto child = begin; child != end; ++child) {
      found.others.push_back(child->second);
      parents.push_back(child->second.pid);
    }
  }
  return found;
}

// One that waits in the kernel stops before it runs any code of its own.
bool has_stopped(const Process& process) {
  return std::string_view("TtZXD").find(process.state) != std::string_view::npos;
}

// A process that has not stopped yet may start others, and one that ends hands its children on
// while they are counted: so all are stopped when two counts in turn find none that runs. That ends
// after a second at the latest: what still counts as running then got no processor for so long, and
// stops before it runs any code of its own.
void stop_all(pid_t entrance) {
  constexpr timespec moment{0, 500'000};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  std::set<pid_t> signalled;
  for (int quiet = 0; quiet < 2 && std::chrono::steady_clock::now() < deadline;) {
    const auto found = inhabitants_behind(entrance);
    bool is_quiet = true;
    for (const auto& process : found.others) {
      if (signalled.insert(process.pid).second) {
        is_quiet = false;
        ::kill(process.pid, SIGSTOP);
      } else {
        is_quiet = is_quiet && has_stopped(process);
      }
    }
    // Before the program's start: what would start it.
    if (found.others.empty()) ::kill(found.init != 0 ? found.init : entrance, SIGSTOP);
    quiet = is_quiet ? quiet + 1 : 0;
    if (!is_quiet) ::nanosleep(&moment, nullptr);
  }
}

// By the last line "NSpid: 4711 2" of /proc/N/status.
bool is_second_in_its_namespace(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("NSpid:")) return line.ends_with("\t2");
  }
  return false;
}

std::optional<pid_t> program_among(const Inhabitants& inhabitants) {
  for (const auto& process : inhabitants.others) {
    if (process.parent == inhabitants.init && is_second_in_its_namespace(process.pid)) {
      return process.pid;
    }
  }
  return std::nullopt;
}

}  // namespace

void signal_pid_namespace(pid_t entrance, int number) {
  if (number == SIGSTOP) return stop_all(entrance);
  const auto found = inhabitants_behind(entrance);
  if (!found.has_entrance) return;
  if (number == SIGKILL) {
    ::kill(found.init != 0 ? found.init : entrance, SIGKILL);
    // It reports the end.
    ::kill(entrance, SIGCONT);
  } else if (number == SIGCONT) {
    ::kill(entrance, SIGCONT);
    if (found.init != 0) ::kill(found.init, SIGCONT);
    for (const auto& process : found.others) ::kill(process.pid, SIGCONT);
  } else if (const auto program = program_among(found)) {
    ::kill(-*program, number);
  }
}

std::optional<pid_t> program_in_pid_namespace(pid_t entrance) {
  return program_among(inhabitants_behind(entrance));
}

}  // namespace sunder::harness
