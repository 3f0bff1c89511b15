// ./dev bench soak: simulated clusters, seed after seed, until something is broken or it is
// stopped; how many simulated minutes pass in a real one. A broken seed ends it with exit code 1
// and the command that repeats it.

#include <chrono>
#include <cstdint>

#include <cxxopts.hpp>
#include <fmt/format.h>

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
  explicit Soak(const Limits& limits) : limits_(limits) {}

  /// False if a seed broke something.
  bool run() {
    while (!is_over()) {
      const SimulationOptions options{.seed = limits_.first_seed + seeds_};
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
    fmt::print("repeat with: ./dev bench soak --seed {} --seeds 1\n", seed);
    return false;
  }

  Limits limits_;
  Clock::time_point begun_ = Clock::now();
  Seconds told_at_{0};
  std::uint64_t seeds_ = 0;
  raft::Time simulated_{0};
  std::size_t operations_ = 0;
};

int main_of(int argc, char** argv) {
  cxxopts::Options options("soak_bench", "Simulated clusters until something is broken.");
  // clang-format off
  options.add_options()
      ("seed", "the first one", cxxopts::value<std::uint64_t>()->default_value("1"), "N")
      ("seeds", "how many; 0: no end", cxxopts::value<std::uint64_t>()->default_value("0"), "N")
      ("seconds", "for how long; 0: no end", cxxopts::value<double>()->default_value("0"), "N")
      ("help", "this text");
  // clang-format on
  const auto flags = options.parse(argc, argv);
  if (flags.count("help") != 0) {
    fmt::print("{}\n", options.help());
    return 0;
  }
  Soak soak({flags["seed"].as<std::uint64_t>(), flags["seeds"].as<std::uint64_t>(),
             Seconds(flags["seconds"].as<double>())});
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
