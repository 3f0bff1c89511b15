#include "harness/plan.h"

#include <fstream>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace sunder::harness {

namespace {

template <typename Number>
Number get(const nlohmann::json& json, const char* member) {
  try {
    return json.at(member).get<Number>();
  } catch (const nlohmann::json::exception& error) {
    throw std::runtime_error(fmt::format("plan member '{}': {}", member, error.what()));
  }
}

nemesis::Duration get_duration(const nlohmann::json& json, const char* member) {
  const auto text = get<std::string>(json, member);
  const auto duration = nemesis::parse_duration(text);
  if (duration) return *duration;
  throw std::runtime_error(fmt::format("plan member '{}': '{}' is not a duration", member, text));
}

}  // namespace

nlohmann::json to_json(const Plan& plan) {
  return {{"name", plan.name},
          {"system", plan.system},
          {"system_options", plan.system_options},
          {"mutant", plan.mutant},
          {"workload", plan.workload},
          {"nemeses", plan.nemeses},
          {"schedule_file", plan.schedule_file},
          {"nodes", plan.nodes},
          {"concurrency", plan.concurrency},
          {"keys", plan.keys},
          {"rate", plan.rate},
          {"time_limit", nemesis::to_text(plan.time_limit)},
          {"nemesis_interval", nemesis::to_text(plan.nemesis_interval)},
          {"operation_timeout", nemesis::to_text(plan.operation_timeout)},
          {"election_timeout", nemesis::to_text(plan.election_timeout)},
          {"recovery_timeout", nemesis::to_text(plan.recovery_timeout)},
          {"fail_fast", plan.fail_fast},
          {"keep_running", plan.keep_running},
          {"seed", plan.seed},
          {"command", command_line(plan)}};
}

Plan plan_from_json(const nlohmann::json& json) {
  Plan plan;
  plan.name = get<std::string>(json, "name");
  plan.system = get<std::string>(json, "system");
  plan.system_options = get<std::map<std::string, std::string>>(json, "system_options");
  plan.mutant = get<std::string>(json, "mutant");
  plan.workload = get<std::string>(json, "workload");
  plan.nemeses = get<std::vector<std::string>>(json, "nemeses");
  plan.schedule_file = get<std::string>(json, "schedule_file");
  plan.nodes = get<int>(json, "nodes");
  plan.concurrency = get<int>(json, "concurrency");
  plan.keys = get<int>(json, "keys");
  plan.rate = get<double>(json, "rate");
  plan.time_limit = get_duration(json, "time_limit");
  plan.nemesis_interval = get_duration(json, "nemesis_interval");
  plan.operation_timeout = get_duration(json, "operation_timeout");
  plan.election_timeout = get_duration(json, "election_timeout");
  plan.recovery_timeout = get_duration(json, "recovery_timeout");
  plan.fail_fast = get<bool>(json, "fail_fast");
  plan.keep_running = get<bool>(json, "keep_running");
  plan.seed = get<std::uint64_t>(json, "seed");
  return plan;
}

Plan read_plan(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(fmt::format("cannot read {}", path.string()));
  try {
    return plan_from_json(nlohmann::json::parse(file));
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("{}: {}", path.string(), error.what()));
  }
}

std::string system_text(const Plan& plan) {
  std::vector<std::string> options;
  for (const auto& [name, value] : plan.system_options)
    options.push_back(fmt::format("{}={}", name, value));
  return fmt::format("{}{}{}", plan.system, options.empty() ? "" : ":", fmt::join(options, ","));
}

std::vector<std::string> run_flags(const Plan& plan) {
  const Plan standard;
  std::vector<std::string> flags;
  const auto add = [&flags](std::string_view flag, const auto& value, bool differs) {
    if (!differs) return;
    flags.emplace_back(flag);
    flags.push_back(fmt::format("{}", value));
  };
  add("--system", system_text(plan), system_text(plan) != system_text(standard));
  add("--mutant", plan.mutant, plan.mutant != standard.mutant);
  add("--workload", plan.workload, plan.workload != standard.workload);
  if (plan.schedule_file.empty()) {
    add("--nemesis",
        plan.nemeses.empty() ? "none" : fmt::format("{}", fmt::join(plan.nemeses, ",")), true);
  } else {
    add("--schedule", plan.schedule_file, true);
  }
  add("--nodes", plan.nodes, plan.nodes != standard.nodes);
  add("--concurrency", plan.concurrency, plan.concurrency != standard.concurrency);
  add("--keys", plan.keys, plan.keys != standard.keys);
  add("--rate", plan.rate, plan.rate != standard.rate);
  const auto add_duration = [&add](std::string_view flag, nemesis::Duration value,
                                   nemesis::Duration usual) {
    add(flag, nemesis::to_text(value), value != usual);
  };
  add_duration("--time-limit", plan.time_limit, standard.time_limit);
  add_duration("--nemesis-interval", plan.nemesis_interval, standard.nemesis_interval);
  add_duration("--operation-timeout", plan.operation_timeout, standard.operation_timeout);
  add_duration("--election-timeout", plan.election_timeout, standard.election_timeout);
  add_duration("--recovery-timeout", plan.recovery_timeout, standard.recovery_timeout);
  if (plan.fail_fast) flags.emplace_back("--fail-fast");
  if (plan.keep_running) flags.emplace_back("--keep-running");
  add("--seed", plan.seed, true);
  return flags;
}

std::string command_line(const Plan& plan) {
  return fmt::format("sunder run {}", fmt::join(run_flags(plan), " "));
}

}  // namespace sunder::harness
