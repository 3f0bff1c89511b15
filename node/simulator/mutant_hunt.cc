#include "node/simulator/mutant_hunt.h"

#include <array>
#include <cstdio>
#include <stdexcept>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "node/simulator/simulation.h"

namespace sunder::simulator {
namespace {

/// Says '!' when the mutant is reached for the first time, then what was broken. Never returns.
[[noreturn]] void simulate_into(int pipe, const Mutant& mutant, std::uint64_t seed, int nodes) {
  ::dup2(pipe, STDERR_FILENO);
  bool is_reached = false;
  const auto reached = [&] {
    if (!std::exchange(is_reached, true)) std::fputc('!', stderr);
  };
  try {
    const auto result = simulate({.seed = seed, .nodes = nodes, .make_parts = [&](TraceSink&) {
                                    return parts_with(mutant, reached);
                                  }});
    if (!result.violations.empty()) std::fputs(result.violations.front().c_str(), stderr);
  } catch (const std::exception& error) {
    std::fputs(error.what(), stderr);
  }
  ::_exit(0);
}

std::string all_from(int descriptor) {
  std::string text;
  std::array<char, 4096> chunk;
  for (;;) {
    const auto count = ::read(descriptor, chunk.data(), chunk.size());
    if (count <= 0) return text;
    text.append(chunk.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

HuntResult hunt(const Mutant& mutant, std::uint64_t seed, int nodes) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no process for a simulation");
  if (child == 0) simulate_into(ends[1], mutant, seed, nodes);
  ::close(ends[1]);
  auto said = all_from(ends[0]);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  HuntResult result;
  result.is_reached = said.starts_with('!');
  result.violation = result.is_reached ? said.substr(1) : said;
  if (result.violation.empty() && !WIFEXITED(status)) result.violation = "the node died";
  return result;
}

}  // namespace sunder::simulator
