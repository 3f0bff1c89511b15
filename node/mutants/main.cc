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

raft::Time now() {
  return std::chrono::steady_clock::now().time_since_epoch();
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
    run_server(server, [&](TraceSink& trace) {
      return parts_with(mutant, record_reached(trace, mutant, now));
    });
  });
}
