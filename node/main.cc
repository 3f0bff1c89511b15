// sunder-node: one Raft server process.

#include "node/command_line.h"

int main(int argc, char** argv) {
  return sunder::guarded_main("sunder-node", [&] {
    sunder::NodeFlags flags("sunder-node");
    flags.add_toggle("describe-disk", "say in one line of the trace what --data holds, and end");
    if (!flags.parse(argc, argv)) return;
    if (flags.given("describe-disk")) return sunder::describe_disk(flags.server_options());
    sunder::run_server(flags.server_options(), [](sunder::TraceSink&) { return sunder::Parts{}; });
  });
}
