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
[[noreturn]] void simulate_into(int pipe, const Mutant& mutant, std::uint64_t seed,
                                const HuntOptions& options) {
  ::dup2(pipe, STDERR_FILENO);
  bool is_reached = false;
  const auto reached = [&] {
    if (!std::exchange(is_reached, true)) std::fputc('!', stderr);
  };
  try {
    auto simulation = simulation_in(options.climate);
    simulation.seed = seed;
    simulation.nodes = options.nodes;
    simulation.make_parts = [&](TraceSink&) { return parts_with(mutant, reached); };
    const auto result = simulate(simulation);
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

Climate climate_named(std::string_view name) {
  if (name == "mixed") return Climate::mixed;
  if (name == "storm") return Climate::election_storm;
  if (name == "reads") return Climate::reads;
  throw std::invalid_argument("no such climate; allowed: mixed, storm, reads");
}

SimulationOptions simulation_in(Climate climate) {
  SimulationOptions options;
  options.faults.election_storm = climate == Climate::election_storm;
  if (climate == Climate::reads) {
    options.clients = 8;
    options.pause_of_clients = std::chrono::milliseconds(20);
    options.faults.crashes = options.faults.weather = options.faults.voter_restarts = false;
    options.faults.membership = options.faults.transfers = false;
  }
  return options;
}

HuntResult hunt(const Mutant& mutant, std::uint64_t seed, const HuntOptions& options) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no process for a simulation");
  if (child == 0) simulate_into(ends[1], mutant, seed, options);
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
