// ./dev bench soak: simulated clusters, seed after seed, until something is broken or it is
// stopped; how many simulated minutes pass in a real one. A broken seed ends it with exit code 1
// and the command that repeats it. With --mutant it says after how many seeds a mutant is found.

#include <chrono>
#include <cstdint>

#include <cxxopts.hpp>
#include <fmt/format.h>

#include "node/simulator/mutant_hunt.h"
#include "node/simulator/simulation.h"

namespace sunder::simulator {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

struct Limits {
  std::uint64_t first_seed = 1;
  /// 0: no limit.
  std::uint64_t seeds = 0;
  Seconds time{0};
};

class Soak {
 public:
  Soak(const Limits& limits, Climate climate) : limits_(limits), climate_(climate) {}

  /// False if a seed broke something.
  bool run() {
    while (!is_over()) {
      auto options = simulation_in(climate_);
      options.seed = limits_.first_seed + seeds_;
      const auto result = simulate(options);
      ++seeds_;
      simulated_ += options.duration;
      operations_ += result.operations;
      if (!result.violations.empty()) return report(options.seed, result);
      if (elapsed() - told_at_ > Seconds(10)) tell();
    }
    tell();
    return true;
  }

 private:
  Seconds elapsed() const { return Clock::now() - begun_; }

  bool is_over() const {
    return (limits_.seeds != 0 && seeds_ >= limits_.seeds) ||
           (limits_.time.count() != 0 && elapsed() >= limits_.time);
  }

  void tell() {
    told_at_ = elapsed();
    fmt::print(
        "{} seeds from {} on: nothing broken, {} operations, {:.0f} simulated minutes a minute\n",
        seeds_, limits_.first_seed, operations_, Seconds(simulated_) / elapsed());
    std::fflush(stdout);
  }

  static bool report(std::uint64_t seed, const SimulationResult& result) {
    for (const auto& violation : result.violations) fmt::print("{}\n", violation);
    fmt::print("repeat in this climate with: ./dev bench soak --seed {} --seeds 1\n", seed);
    return false;
  }

  Limits limits_;
  Climate climate_;
  Clock::time_point begun_ = Clock::now();
  Seconds told_at_{0};
  std::uint64_t seeds_ = 0;
  raft::Time simulated_{0};
  std::size_t operations_ = 0;
};

/// Seeds from the first one on, until it is found or a limit is reached.
void hunt_mutant(const Mutant& mutant, const Limits& limits, const HuntOptions& options) {
  const auto begun = Clock::now();
  const auto is_over = [&](std::uint64_t tried) {
    return (limits.seeds != 0 && tried == limits.seeds) ||
           (limits.time.count() != 0 && Clock::now() - begun >= limits.time);
  };
  std::uint64_t reached = 0;
  std::uint64_t tried = 0;
  while (!is_over(tried)) {
    ++tried;
    const auto result = hunt(mutant, limits.first_seed + tried - 1, options);
    if (result.is_reached) ++reached;
    if (result.violation.empty()) continue;
    fmt::print("{:<4} seed {:<6} reached in {:<6} {}\n", mutant.id, tried, reached,
               result.violation);
    return;
  }
  fmt::print("{:<4} survives {} seeds, reached in {}\n", mutant.id, tried, reached);
}

void hunt_mutants(const std::string& name, const Limits& limits, const HuntOptions& options) {
  for (const auto& mutant : mutants()) {
    const bool is_meant = name == "all" || &mutant == &find_mutant(name);
    if (is_meant && mutant.install != nullptr) hunt_mutant(mutant, limits, options);
    std::fflush(stdout);
  }
}

int main_of(int argc, char** argv) {
  cxxopts::Options options("soak_bench", "Simulated clusters until something is broken.");
  // clang-format off
  options.add_options()
      ("seed", "the first one", cxxopts::value<std::uint64_t>()->default_value("1"), "N")
      ("seeds", "how many; 0: no end", cxxopts::value<std::uint64_t>()->default_value("0"), "N")
      ("seconds", "for how long; 0: no end", cxxopts::value<double>()->default_value("0"), "N")
      ("mutant", "look for this one, or for \"all\", by up to --seeds seeds",
       cxxopts::value<std::string>(), "NAME")
      ("nodes", "with --mutant; 0: 3 or 5", cxxopts::value<int>()->default_value("0"), "N")
      ("climate", "mixed, storm (leaders fall one after the other, votes come late) or reads",
       cxxopts::value<std::string>()->default_value("mixed"), "NAME")
      ("help", "this text");
  // clang-format on
  const auto flags = options.parse(argc, argv);
  if (flags.count("help") != 0) {
    fmt::print("{}\n", options.help());
    return 0;
  }
  const Limits limits{flags["seed"].as<std::uint64_t>(), flags["seeds"].as<std::uint64_t>(),
                      Seconds(flags["seconds"].as<double>())};
  const auto climate = climate_named(flags["climate"].as<std::string>());
  if (flags.count("mutant") != 0) {
    hunt_mutants(flags["mutant"].as<std::string>(), limits, {flags["nodes"].as<int>(), climate});
    return 0;
  }
  Soak soak(limits, climate);
  return soak.run() ? 0 : 1;
}

}  // namespace
}  // namespace sunder::simulator

int main(int argc, char** argv) {
  try {
    return sunder::simulator::main_of(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "soak_bench: {}\n", error.what());
    return 254;
  }
}
