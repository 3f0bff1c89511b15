// sunder list: what can be named in the other commands' flags.

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "checker/models/catalog.h"
#include "harness/commands/commands.h"
#include "harness/driver/raft/mutants.h"
#include "harness/driver/systems.h"
#include "harness/flags/flags.h"
#include "harness/output.h"
#include "nemesis/schedule/fault_kind.h"
#include "workloads/workload.h"

namespace sunder::harness::commands {

namespace {

void print_row(std::string_view name, std::string_view summary) {
  out::print("  {:<12} {}\n", name, summary);
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
    const auto reason = reason_against(system, option->name());
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

// "installed", or what is missing and how to get it.
std::string state_of(const System& system) {
  try {
    system.require_programs({});
    return "installed";
  } catch (const std::exception& missing) {
    return missing.what();
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
    print_faults(system);
  }
  print_row("FILE.json", "a system that a file describes (docs/systems.md)");
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
    Topic{"mutants", list_known_mutants, describe_mutants},
};

}  // namespace

ExitCode list(const Arguments& arguments) {
  FlagSet flag_set("sunder list", "Lists the names that the flags of the other commands accept.",
                   "[systems|workloads|nemeses|models|mutants] [flags]");
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
      "sunder list {}: expected systems, workloads, nemeses, models or mutants", wanted));
}

}  // namespace sunder::harness::commands
