#include "harness/driver/raft/mutants.h"

#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/process/programs.h"

namespace sunder::harness {

namespace {

Mutant parse_mutant(const nlohmann::json& json) {
  const auto& hunt = json.at("hunt");
  return {json.at("id"),
          json.at("name"),
          json.at("mistake"),
          json.at("source"),
          json.at("faults"),
          json.at("breaks"),
          {hunt.at("workload"), hunt.at("nemesis"), hunt.at("nodes"), hunt.at("system"),
           hunt.at("flags")},
          json.value("argument", "")};
}

}  // namespace

std::vector<Mutant> list_mutants() {
  const auto program = programs_folder() / "sunder-node-mutants";
  if (!std::filesystem::exists(program)) {
    throw std::runtime_error(
        fmt::format("the program with the mutants, {}, is not there: './dev build' makes it",
                    program.string()));
  }
  const auto [exit_code, output] = run_program(program, {"--list-mutants"});
  if (exit_code != 0) {
    throw std::runtime_error(fmt::format("{} --list-mutants failed", program.string()));
  }
  std::vector<Mutant> mutants;
  for (std::size_t from = 0; from < output.size();) {
    const auto end = output.find('\n', from);
    mutants.push_back(parse_mutant(nlohmann::json::parse(output.substr(from, end - from))));
    from = end == std::string::npos ? output.size() : end + 1;
  }
  return mutants;
}

Mutant find_mutant(const std::string& id_or_name) {
  std::string known;
  for (auto& mutant : list_mutants()) {
    if (mutant.id == id_or_name || mutant.name == id_or_name) return mutant;
    known += fmt::format("{}{} ({})", known.empty() ? "" : ", ", mutant.id, mutant.name);
  }
  throw std::invalid_argument(fmt::format("unknown mutant '{}'; there are: {}", id_or_name, known));
}

}  // namespace sunder::harness
