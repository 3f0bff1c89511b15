// sunder list: what can be named in the other commands' flags.

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/isolation/level.h"
#include "checker/models/catalog.h"
#include "harness/commands/commands.h"
#include "harness/driver/described/description.h"
#include "harness/driver/described/folders.h"
#include "harness/driver/raft/mutants.h"
#include "harness/driver/systems.h"
#include "harness/flags/flags.h"
#include "harness/output.h"
#include "nemesis/schedule/fault_kind.h"
#include "workloads/workload.h"

namespace sunder::harness::commands {

namespace {

void print_row(std::string_view name, std::string_view summary) {
  out::print("  {:<18} {}\n", name, summary);
}

// A field of a longer description; its further lines are indented like the first.
void print_wrapped(std::string_view name, std::string_view text) {
  constexpr std::size_t width = 84;
  while (text.size() > width) {
    auto end = text.rfind(' ', width);
    if (end == std::string_view::npos) end = text.find(' ');
    if (end == std::string_view::npos) break;
    out::print("    {:<9} {}\n", name, text.substr(0, end));
    text.remove_prefix(end + 1);
    name = "";
  }
  out::print("    {:<9} {}\n", name, text);
}

// Which kinds of faults work, and why the others do not: those of one reason together.
void print_faults(const System& system) {
  std::string supported;
  std::vector<std::pair<std::string, std::string_view>> unsupported;
  for (const auto* option : nemesis::nemesis_options()) {
    const auto reason = reason_against(system, option->name(), system.usual_network);
    if (!reason) {
      supported += fmt::format(" {}", option->name());
    } else if (!unsupported.empty() && unsupported.back().second == *reason) {
      unsupported.back().first += fmt::format(", {}", option->name());
    } else {
      unsupported.emplace_back(option->name(), *reason);
    }
  }
  print_row("", "faults:" + supported);
  for (const auto& [kinds, reason] : unsupported) {
    print_row("", fmt::format("not {}: {}", kinds, reason));
  }
}

// By which networks its nodes can talk, the usual one first.
std::string networks_of(const System& system) {
  if (!system.no_switch.empty()) return fmt::format("proxy; not switch: {}", system.no_switch);
  return system.usual_network == switch_network ? "switch, if the machine can, or proxy"
                                                : "proxy or switch";
}

// "installed", or what is missing and how to get it.
std::string state_of(const System& system, const Plan& plan = {}) {
  try {
    system.require_programs(plan);
    return "installed";
  } catch (const std::exception& missing) {
    return missing.what();
  }
}

/// One of the folders beside the programs.
void list_described(const std::string& name) {
  Plan plan;
  plan.system = name;
  try {
    const auto description = described::read_description(described::description_file(name));
    print_row(name, fmt::format("{}{}described; {}", description.summary,
                                description.summary.empty() ? "" : "; ",
                                state_of(find_system(name), plan)));
    for (const auto& [option, values] : description.options) {
      std::vector<std::string> allowed;
      for (const auto& [value, text] : values.values) allowed.push_back(value);
      print_row("",
                fmt::format("{}:{}={} (usually {}){}{}", name, option, fmt::join(allowed, " or "),
                            values.usual, values.summary.empty() ? "" : ": ", values.summary));
    }
    print_row("", "operations: " + description.operations.text());
    print_row("", "network: " + networks_of(find_system(name)));
    print_faults(find_system(name));
  } catch (const std::invalid_argument& mistake) {
    print_row(name, mistake.what());
  }
}

void list_systems() {
  for (const auto& system : all_systems()) {
    print_row(system.name, fmt::format("{}; {}", system.summary, state_of(system)));
    for (const auto& option : system.options) {
      print_row("", fmt::format("{}:{}={}: {}", system.name, option.name, option.allowed,
                                option.summary));
    }
    print_row("", "operations: " + system.operations({}).text());
    print_row("", "network: " + networks_of(system));
    print_faults(system);
  }
  for (const auto& name : described::system_folders()) list_described(name);
  print_row("FILE.json", "a system that a file describes (docs/systems.md)");
  print_row("", "network: " + networks_of(find_system("FILE.json")));
  print_faults(find_system("FILE.json"));
}

void list_workloads() {
  for (const auto& workload : workloads::all_workloads()) {
    out::print("  {:<19} {}\n", workload.name, workload.summary);
    out::print("  {:<19} needs {}\n", "", workload.needs().text());
  }
}

void list_nemeses() {
  for (const auto* option : nemesis::nemesis_options()) {
    print_row(option->name(), option->summary());
    std::string refinements;
    for (const auto& refinement : option->refinements()) {
      refinements += fmt::format(" {}:{}", option->name(), refinement);
    }
    if (!refinements.empty()) print_row("", "also" + refinements);
  }
}

void list_models() {
  for (const auto& model : checker::model_catalog()) print_row(model.name, model.description);
}

/// Of the model: what it promises, in a few words (docs/isolation.md has the definitions).
std::string_view promise_of(checker::isolation::Model model) {
  using checker::isolation::Model;
  switch (model) {
    case Model::monotonic_reads:
      return "a client's reads of a key do not go back";
    case Model::monotonic_writes:
      return "a client's writes of a key keep their order";
    case Model::read_your_writes:
      return "a client sees its own earlier writes of a key";
    case Model::writes_follow_reads:
      return "a client's write of a key comes after what it had read of it";
    case Model::pram:
      return "read-your-writes, monotonic-reads and monotonic-writes";
    case Model::read_uncommitted:
      return "writes of two transactions do not interleave";
    case Model::read_committed:
      return "no read of aborted or intermediate writes, no circular reads";
    case Model::cursor_stability:
      return "no lost update of a key that a transaction read and then wrote";
    case Model::monotonic_atomic_view:
      return "who saw one write of a transaction sees all of them from then on";
    case Model::read_atomic:
      return "a transaction sees all writes of another one or none";
    case Model::causal:
      return "reads see all that their session or what they read depends on";
    case Model::consistent_view:
      return "a transaction sees a consistent state: no G-single";
    case Model::repeatable_read:
      return "Adya's PL-2.99: serializable as far as reads name their keys";
    case Model::snapshot_isolation:
      return "reads of one snapshot; of two concurrent writers of a key one aborts";
    case Model::serializable:
      break;
  }
  return "as if one transaction ran after the other";
}

void list_levels() {
  using checker::isolation::Order;
  const checker::isolation::Level* last = nullptr;
  for (const auto& level : checker::isolation::all_levels()) {
    if (last != nullptr && last->model == level.model) {
      out::print("  {:<22} also {}: {}\n", "", name_of(level),
                 level.order == Order::session ? "and keeps the order of each client"
                                               : "and keeps the order of real time");
    } else {
      out::print("  {:<22} {}\n", name_of(level), promise_of(level.model));
    }
    last = &level;
  }
}

std::string command_that_hunts(const Mutant& mutant) {
  const auto& hunt = mutant.hunt;
  return fmt::format("sunder run --mutant {} --workload {} --nemesis {} --nodes {}{}{}", mutant.id,
                     hunt.workload, hunt.nemesis, hunt.nodes,
                     hunt.system.empty() ? "" : " --system raft:" + hunt.system,
                     hunt.flags.empty() ? "" : " " + hunt.flags);
}

void list_known_mutants() {
  out::print("  {:<5} {:<34} {}\n", "id", "name", "breaks");
  for (const auto& mutant : list_mutants()) {
    out::print("  {:<5} {:<34} {}\n", mutant.id, mutant.name,
               mutant.argument.empty() ? mutant.breaks : "nothing in this node");
  }
}

void describe_mutants() {
  for (const auto& mutant : list_mutants()) {
    out::print("{}  {}\n", mutant.id, mutant.name);
    print_wrapped("mistake", mutant.mistake);
    print_wrapped("source", mutant.source);
    if (!mutant.argument.empty()) {
      print_wrapped("harmless", mutant.argument);
      continue;
    }
    print_wrapped("faults", mutant.faults);
    print_wrapped("breaks", mutant.breaks);
    print_wrapped("command", command_that_hunts(mutant));
  }
}

struct Topic {
  std::string_view name;
  void (*print)();
  /// With --long.
  void (*print_long)();
};

constexpr std::array topics{
    Topic{"systems", list_systems, list_systems},
    Topic{"workloads", list_workloads, list_workloads},
    Topic{"nemeses", list_nemeses, list_nemeses},
    Topic{"models", list_models, list_models},
    Topic{"levels", list_levels, list_levels},
    Topic{"mutants", list_known_mutants, describe_mutants},
};

}  // namespace

ExitCode list(const Arguments& arguments) {
  FlagSet flag_set("sunder list", "Lists the names that the flags of the other commands accept.",
                   "[systems|workloads|nemeses|models|levels|mutants] [flags]");
  flag_set.toggle("long", "print each mutant's mistake, its source and the command that hunts it");
  const auto flags = flag_set.parse(arguments, 1);
  if (!flags) return ExitCode::valid;
  const std::string wanted = flags->words().empty() ? "" : flags->words().front();
  bool found = false;
  for (const auto& topic : topics) {
    if (!wanted.empty() && wanted != topic.name) continue;
    found = true;
    if (wanted.empty()) out::print("{}\n", topic.name);
    flags->given("long") ? topic.print_long() : topic.print();
  }
  if (found) return ExitCode::valid;
  throw std::invalid_argument(fmt::format(
      "sunder list {}: expected systems, workloads, nemeses, models, levels or mutants", wanted));
}

}  // namespace sunder::harness::commands
