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
    const auto& hunt = mutant.hunt;
    nlohmann::ordered_json line{{"id", mutant.id},           {"name", mutant.name},
                                {"mistake", mutant.mistake}, {"source", mutant.source},
                                {"faults", mutant.faults},   {"breaks", mutant.breaks}};
    line["hunt"] = {{"workload", hunt.workload},
                    {"nemesis", hunt.nemesis},
                    {"nodes", hunt.nodes},
                    {"system", hunt.system},
                    {"flags", hunt.flags}};
    if (!mutant.argument.empty()) line["argument"] = mutant.argument;
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
    // The mistake may be the last thing this node does.
    trace.flush();
  };
}

}  // namespace

int main(int argc, char** argv) {
  return guarded_main("sunder-node-mutants", [&] {
    NodeFlags flags("sunder-node-mutants");
    flags.add_value("mutant", "the seeded bug, by id or name", "NAME");
    flags.add_toggle("list-mutants", "print them, one JSON object a line");
    if (!flags.parse(argc, argv)) return;
    if (flags.given("list-mutants")) return list_mutants();
    const auto server = flags.server_options();
    const auto& mutant = find_mutant(flags.text("mutant"));
    run_server(server, [&](TraceSink& trace) { return parts_with(mutant, tell(trace, mutant)); });
  });
}
