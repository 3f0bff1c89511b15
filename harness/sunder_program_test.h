#pragma once
// The program itself, for tests: started as a user does, with a folder of its own that is removed
// afterwards.

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/process/programs.h"
#include "testing/temporary_folder.h"

namespace sunder::harness {

struct Finished {
  int exit_code = -1;
  std::string out;
  std::string err;
};

class SunderProgram : public ::testing::Test {
 protected:
  static std::filesystem::path programs() { return programs_folder(); }

  /// Starts `program` with its output in files; the caller waits for it.
  pid_t start(std::vector<std::string> arguments,
              const std::filesystem::path& program = programs() / "sunder") const {
    const pid_t child = ::fork();
    if (child != 0) return child;
    redirect(STDOUT_FILENO, "out");
    redirect(STDERR_FILENO, "err");
    std::vector<char*> words{const_cast<char*>(program.c_str())};
    for (auto& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    ::execv(program.c_str(), words.data());
    ::_exit(127);
  }

  Finished wait_for(pid_t child) const {
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read("out"),
            read("err")};
  }

  Finished sunder(std::vector<std::string> arguments) const {
    return wait_for(start(std::move(arguments)));
  }

  std::vector<std::string> run_flags(std::vector<std::string> more) const {
    std::vector<std::string> flags{"run", "--runs-dir", runs().string(), "--seed", "5"};
    flags.insert(flags.end(), more.begin(), more.end());
    return flags;
  }

  /// Writes the schedule down for --schedule.
  std::string schedule_file(std::string_view schedule) const {
    const auto path = folder_ / "schedule_to_play.json";
    std::ofstream(path) << schedule;
    return path.string();
  }

  std::filesystem::path runs() const { return folder_ / "runs"; }
  std::filesystem::path latest() const { return runs() / "latest"; }

  nlohmann::json verdict() const {
    return nlohmann::json::parse(std::ifstream(latest() / "verdict.json"));
  }

  std::string read(const std::filesystem::path& name) const {
    std::ifstream file(folder_ / name);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

  /// Blocks until the history of the latest run has an operation that succeeded.
  void await_first_success(pid_t child) const {
    for (;;) {
      const auto history = read(latest() / "history.jsonl");
      if (history.find("\"type\":\"ok\"") != std::string::npos) return;
      ASSERT_EQ(::waitpid(child, nullptr, WNOHANG), 0) << read("err");
      ::usleep(1000);
    }
  }

  /// The processes whose command line names this test's folder.
  std::set<pid_t> processes_of_this_test() const {
    std::set<pid_t> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const auto name = entry.path().filename().string();
      if (name.find_first_not_of("0123456789") != std::string::npos) continue;
      std::ifstream file(entry.path() / "cmdline");
      std::ostringstream text;
      text << file.rdbuf();
      if (text.str().find(folder_.string()) != std::string::npos) found.insert(std::stoi(name));
    }
    return found;
  }

  /// Those of this test that SIGSTOP has stopped.
  std::set<pid_t> stopped_processes() const {
    std::set<pid_t> stopped;
    for (const pid_t process : processes_of_this_test()) {
      std::ifstream file(fmt::format("/proc/{}/stat", process));
      std::string stat;
      std::getline(file, stat);
      if (stat.find(") T ") != std::string::npos) stopped.insert(process);
    }
    return stopped;
  }

  /// Where disks of this test are mounted, as far as this process can see.
  std::string mounts_of_this_test() const {
    std::ifstream file("/proc/self/mountinfo");
    std::string mounts;
    for (std::string line; std::getline(file, line);) {
      if (line.find(folder_.string()) != std::string::npos) mounts += line + "\n";
    }
    return mounts;
  }

  /// Of the latest run's history: the values of the nemesis' events of this name.
  std::vector<nlohmann::json> nemesis_events(std::string_view f) const {
    std::vector<nlohmann::json> values;
    std::ifstream file(latest() / "history.jsonl");
    for (std::string line; std::getline(file, line);) {
      const auto event = nlohmann::json::parse(line);
      if (event["process"] == "nemesis" && event["f"] == f) values.push_back(event["value"]);
    }
    return values;
  }

  const TemporaryFolder temporary_;
  const std::filesystem::path& folder_ = temporary_.path();

 private:
  void redirect(int descriptor, const char* name) const {
    const int file = ::open((folder_ / name).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(file, descriptor);
    ::close(file);
  }
};

}  // namespace sunder::harness
