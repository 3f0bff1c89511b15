// sunder-node-mutants: the node with one seeded bug, chosen by --mutant.

#include <chrono>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "node/command_line.h"
#include "node/mutants/mutant.h"

namespace {

using namespace sunder;

void list_mutants() {
  for (const auto& mutant : mutants()) {
    const nlohmann::ordered_json line{{"id", mutant.id},           {"name", mutant.name},
                                      {"mistake", mutant.mistake}, {"source", mutant.source},
                                      {"faults", mutant.faults},   {"breaks", mutant.breaks}};
    fmt::print("{}\n", line.dump());
  }
}

/// Says so in the trace, once a second at most.
Reached tell(TraceSink& trace, const Mutant& mutant) {
  using Clock = std::chrono::steady_clock;
  return [&trace, id = std::string(mutant.id), last = Clock::time_point::min()]() mutable {
    const auto now = Clock::now();
    if (last != Clock::time_point::min() && now - last < std::chrono::seconds(1)) return;
    last = now;
    trace.record(trace::MutantReached{id});
  };
}

}  // namespace

int main(int argc, char** argv) {
  return guarded_main("sunder-node-mutants", [&] {
    auto options = node_flags("sunder-node-mutants");
    // clang-format off
    options.add_options()
        ("mutant", "the seeded bug, by id or name", cxxopts::value<std::string>(), "NAME")
        ("list-mutants", "print them, one JSON object a line");
    // clang-format on
    const auto flags = options.parse(argc, argv);
    if (flags.count("help") != 0) return fmt::print("{}\n", options.help());
    if (flags.count("list-mutants") != 0) return list_mutants();
    const auto server = server_options(flags);
    if (flags.count("mutant") == 0) throw std::invalid_argument("--mutant is missing");
    const auto& mutant = find_mutant(flags["mutant"].as<std::string>());
    run_server(server, [&](TraceSink& trace) {
      Parts parts;
      mutant.install(parts, tell(trace, mutant));
      return parts;
    });
  });
}
