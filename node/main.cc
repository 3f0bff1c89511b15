// sunder-node: one Raft server process.

#include <fmt/format.h>

#include "node/command_line.h"

int main(int argc, char** argv) {
  return sunder::guarded_main("sunder-node", [&] {
    auto options = sunder::node_flags("sunder-node");
    const auto flags = options.parse(argc, argv);
    if (flags.count("help") != 0) {
      fmt::print("{}\n", options.help());
      return;
    }
    sunder::run_server(sunder::server_options(flags),
                       [](sunder::TraceSink&) { return sunder::Parts{}; });
  });
}
