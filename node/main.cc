// sunder-node: one Raft server process.

#include "node/command_line.h"

int main(int argc, char** argv) {
  return sunder::guarded_main("sunder-node", [&] {
    sunder::NodeFlags flags("sunder-node");
    if (!flags.parse(argc, argv)) return;
    sunder::run_server(flags.server_options(), [](sunder::TraceSink&) { return sunder::Parts{}; });
  });
}
