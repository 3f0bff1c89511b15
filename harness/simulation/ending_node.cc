#include "harness/simulation/ending_node.h"

#include <csignal>
#include <cstdlib>
#include <exception>
#include <utility>

#include <fmt/format.h>

#include "harness/output.h"

#if defined(__SANITIZE_THREAD__)
// ThreadSanitizer must not complain that the handler of SIGABRT allocates memory: a node raises the
// signal by abort(), never in the middle of a call that the handler could repeat.
extern "C" const char* __tsan_default_options() {  // NOLINT(bugprone-reserved-identifier)
  return "report_signal_unsafe=0";
}
#endif

namespace sunder::harness::simulation {
namespace {

// For the handler of SIGABRT, which has no argument of its own.
SimulatedRun* running = nullptr;
std::function<void()> last_act;

void node_aborts(int) {
  if (running == nullptr || !std::exchange(running, nullptr)->node_is_ending("signal 6 (Aborted)"))
    return;
  last_act();
  std::_Exit(0);
}

}  // namespace

void conduct(SimulatedRun& run, std::function<void()> on_abort) {
  running = &run;
  last_act = std::move(on_abort);
  std::signal(SIGABRT, node_aborts);
  try {
    run.conduct();
  } catch (const std::exception& error) {
    out::remark("{}\n", error.what());
    if (!run.node_is_ending("exit status 255")) throw;
  }
  running = nullptr;
}

}  // namespace sunder::harness::simulation
