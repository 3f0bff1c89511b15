#include "harness/plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "harness/json_file.h"
#include "node/api/json_object.h"
#include "results/shell_words.h"

namespace sunder::harness {

namespace {

int count_in(const JsonObject& object, std::string_view name) {
  return static_cast<int>(object.integer(name, 0, 1'000'000));
}

}  // namespace

nlohmann::json to_json(const Plan& plan) {
  nlohmann::json json{{"name", plan.name},
                      {"system", plan.system},
                      {"system_options", plan.system_options},
                      {"mutant", plan.mutant},
                      {"workload", plan.workload},
                      {"nemeses", plan.nemeses},
                      {"drawn_by", plan.drawn_by},
                      {"schedule_file", plan.schedule_file},
                      {"nodes", plan.nodes},
                      {"concurrency", plan.concurrency},
                      {"keys", plan.keys},
                      {"rate", plan.rate},
                      {"time_limit", to_text(plan.time_limit)},
                      {"nemesis_interval", to_text(plan.nemesis_interval)},
                      {"operation_timeout", to_text(plan.operation_timeout)},
                      {"election_timeout", to_text(plan.election_timeout)},
                      {"recovery_timeout", to_text(plan.recovery_timeout)},
                      {"fail_fast", plan.fail_fast},
                      {"keep_running", plan.keep_running},
                      {"seed", plan.seed},
                      {"evidence", plan.evidence},
                      {"command", command_line(plan)}};
  if (!plan.model_parameters.empty()) json["model_parameters"] = plan.model_parameters;
  if (plan.stopped_after) json["stopped_after"] = to_text(*plan.stopped_after);
  return json;
}

Plan plan_from_json(const nlohmann::json& json) {
  const JsonObject object(json, "plan");
  Plan plan;
  plan.name = object.text("name");
  plan.system = object.text("system");
  plan.system_options = object.texts_by_name("system_options");
  plan.mutant = object.text("mutant");
  plan.workload = object.text("workload");
  if (object.has("model_parameters")) {
    plan.model_parameters = object.texts_by_name("model_parameters");
  }
  plan.nemeses = object.texts("nemeses");
  plan.drawn_by = object.optional_text("drawn_by").value_or("");
  plan.schedule_file = object.text("schedule_file");
  plan.nodes = count_in(object, "nodes");
  plan.concurrency = count_in(object, "concurrency");
  plan.keys = count_in(object, "keys");
  plan.rate = object.number("rate", 0, 1e9);
  plan.time_limit = object.duration("time_limit");
  plan.nemesis_interval = object.duration("nemesis_interval");
  plan.operation_timeout = object.duration("operation_timeout");
  plan.election_timeout = object.duration("election_timeout");
  plan.recovery_timeout = object.duration("recovery_timeout");
  plan.fail_fast = object.boolean("fail_fast");
  plan.keep_running = object.boolean("keep_running");
  plan.seed = object.unsigned_integer("seed");
  if (json.contains("evidence")) plan.evidence = object.texts("evidence");
  if (object.has("stopped_after")) plan.stopped_after = object.duration("stopped_after");
  return plan;
}

Plan read_plan(const std::filesystem::path& path) {
  return read_json_file(path, plan_from_json);
}

std::string system_text(const Plan& plan) {
  std::vector<std::string> options;
  for (const auto& [name, value] : plan.system_options)
    options.push_back(fmt::format("{}={}", name, value));
  return fmt::format("{}{}{}", plan.system, options.empty() ? "" : ":", fmt::join(options, ","));
}

std::vector<std::string> fault_kinds(const Plan& plan) {
  std::vector<std::string> kinds;
  for (const auto& nemesis : plan.nemeses) kinds.push_back(nemesis.substr(0, nemesis.find(':')));
  return kinds;
}

std::string time_text(const Plan& plan) {
  if (!plan.stopped_after) return to_text(plan.time_limit);
  using Seconds = std::chrono::duration<double>;
  return fmt::format("stopped after {:.1f} of {:g} s", Seconds(*plan.stopped_after).count(),
                     Seconds(plan.time_limit).count());
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
  for (const auto& [name, text] : plan.model_parameters) {
    add(fmt::format("--{}", name), text, true);
  }
  if (plan.schedule_file.empty()) {
    const auto named =
        plan.nemeses.empty() ? "none" : fmt::format("{}", fmt::join(plan.nemeses, ","));
    // The same seed draws the same kinds again.
    add("--nemesis", plan.drawn_by.empty() ? named : plan.drawn_by, true);
  } else {
    add("--schedule", plan.schedule_file, true);
  }
  add("--nodes", plan.nodes, plan.nodes != standard.nodes);
  add("--concurrency", plan.concurrency, plan.concurrency != standard.concurrency);
  add("--keys", plan.keys, plan.keys != standard.keys);
  add("--rate", plan.rate, plan.rate != standard.rate);
  const auto add_duration = [&add](std::string_view flag, Duration value, Duration usual) {
    add(flag, to_text(value), value != usual);
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
  return "sunder run " + results::shell_words(run_flags(plan));
}

}  // namespace sunder::harness
