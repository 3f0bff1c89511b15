// sunder system: what is in a file that describes a system, and whether the system starts by it.

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "harness/commands/commands.h"
#include "harness/driver/described/folders.h"
#include "harness/driver/described/node.h"
#include "harness/driver/systems.h"
#include "harness/flags/flags.h"
#include "harness/namespaces/namespaces.h"
#include "harness/output.h"
#include "harness/process/watchdog.h"
#include "harness/run/environment.h"
#include "harness/run/trial_start.h"
#include "results/store/run_store.h"

namespace sunder::harness::commands {

namespace {

namespace fs = std::filesystem;

Plan plan_of_check(const Flags& flags) {
  Plan plan;
  choose_system(plan, flags.words().at(1));
  if (described::description_file(plan.system).empty()) {
    throw std::invalid_argument(fmt::format(
        "sunder system check {}: it is part of sunder, only described systems have a file",
        plan.system));
  }
  plan.nodes = static_cast<int>(flags.integer("nodes", 1, 9));
  plan.concurrency = 1;
  plan.operation_timeout =
      flags.duration("operation-timeout", std::chrono::milliseconds(10), std::chrono::hours(1));
  plan.name = "check";
  plan.network = flags.text("network");
  if (!plan.network.empty()) require_network_name(plan.network);
  if (const auto remark = choose_network(plan, Namespaces::why_impossible)) {
    out::remark("{}\n", *remark);
  }
  return plan;
}

}  // namespace

ExitCode system(const Arguments& arguments) {
  FlagSet flag_set(
      "sunder system check",
      "Explains a file that describes a system, starts the system by it, and makes one "
      "call of each operation.",
      "FILE.json[:OPTION=VALUE,...] [flags]");
  flag_set.value("nodes", "number of nodes, 1 to 9", "3", "N")
      .value("network",
             "what carries the nodes' messages: proxy or switch (default: switch, if the "
             "machine can)",
             "", "NAME")
      .value("operation-timeout", "how long one call may take", "5s", "TIME")
      .value("runs-dir", "where the nodes' folders and logs are kept if it fails", "results/checks",
             "DIR");
  const auto flags = flag_set.parse(arguments, 2);
  if (!flags) return ExitCode::valid;
  if (flags->words().size() != 2 || flags->words().front() != "check") {
    throw std::invalid_argument("sunder system: use 'sunder system check FILE.json'");
  }
  const auto plan = plan_of_check(*flags);
  find_system(plan.system).require_programs(plan);
  require_environment(plan, flags->text("runs-dir"));
  const auto store = results::RunStore::create(flags->text("runs-dir"), plan.name, plan.seed,
                                               std::chrono::system_clock::now());
  bool succeeded = false;
  {
    Watchdog watchdog;
    succeeded = try_start(plan, store, watchdog);
  }
  if (!succeeded) {
    out::print("what the nodes and the adapter said is in {}\n", (store.folder() / "log").string());
    return ExitCode::invalid;
  }
  fs::remove_all(store.folder());
  return ExitCode::valid;
}

}  // namespace sunder::harness::commands
