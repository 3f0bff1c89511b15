#include "harness/plan.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "harness/driver/systems.h"
#include "harness/flags/workload_flags.h"
#include "harness/json_file.h"
#include "node/api/json_object.h"
#include "results/shell_words.h"

namespace sunder::harness {

namespace {

// Those that are not as usual: plans of versions that did not have them are read alike.
void add_workload_options(const Plan& plan, nlohmann::json& json) {
  if (!plan.mix.empty()) json["mix"] = plan.mix;
  for (const auto& phase : plan.phases) {
    json["phases"].push_back({{"calls", phase.calls}, {"mix", phase.mix}});
  }
  if (!plan.reserved.empty()) json["reserved"] = plan.reserved;
  if (plan.key_skew != 0) json["key_skew"] = plan.key_skew;
  if (plan.ops_per_key) json["ops_per_key"] = *plan.ops_per_key;
  if (plan.value_bytes != 0) json["value_bytes"] = plan.value_bytes;
  if (plan.txn_length) json["txn_length"] = lengths_text(plan.txn_length);
  if (plan.max_writes_per_key) json["max_writes_per_key"] = *plan.max_writes_per_key;
  if (plan.burst == Duration{}) return;
  json["burst"] = to_text(plan.burst);
  json["burst_every"] = to_text(plan.burst_every);
}

int count_in(const JsonObject& object, std::string_view name) {
  return static_cast<int>(object.integer(name, 0, 1'000'000));
}

std::map<std::string, int> counts_by_name(const JsonObject& object, std::string_view name) {
  constexpr std::string_view allowed = "an object whose members are numbers";
  const auto& json = object.require(name, allowed);
  if (!json.is_object()) object.refuse(name, allowed);
  std::map<std::string, int> counts;
  for (const auto& [each, count] : json.items()) {
    if (!count.is_number_integer()) object.refuse(name, allowed);
    counts[each] = count.get<int>();
  }
  return counts;
}

void read_workload_options(const JsonObject& object, Plan& plan) {
  if (object.has("mix")) plan.mix = counts_by_name(object, "mix");
  if (object.has("phases")) {
    for (const auto& each : object.array("phases")) {
      const JsonObject phase(each, "plan.phases");
      plan.phases.push_back({static_cast<int>(phase.integer("calls", 1, 1'000'000'000)),
                             counts_by_name(phase, "mix")});
    }
  }
  if (object.has("reserved")) plan.reserved = counts_by_name(object, "reserved");
  if (object.has("key_skew")) plan.key_skew = object.number("key_skew", 0, 10);
  if (object.has("ops_per_key")) {
    plan.ops_per_key = static_cast<int>(object.integer("ops_per_key", 0, 1'000'000'000));
  }
  if (object.has("value_bytes")) plan.value_bytes = count_in(object, "value_bytes");
  if (object.has("txn_length")) plan.txn_length = lengths_in(object.text("txn_length"));
  if (object.has("max_writes_per_key")) {
    plan.max_writes_per_key =
        static_cast<int>(object.integer("max_writes_per_key", 1, 1'000'000'000));
  }
  if (!object.has("burst")) return;
  plan.burst = object.duration("burst");
  plan.burst_every = object.duration("burst_every");
}

bool is_described(std::string_view system) {
  const auto own = all_systems();
  return std::none_of(own.begin(), own.end(),
                      [&](const auto& each) { return each.name == system; });
}

std::string network_in(const JsonObject& object, std::string_view system) {
  const auto network = object.optional_text("network");
  // Without one, the plan is older than the switch.
  if (!network) return is_described(system) ? std::string(proxy_network) : std::string();
  require_network_name(*network);
  return *network;
}

}  // namespace

void require_network_name(std::string_view network) {
  if (network == proxy_network || is_switch(network)) return;
  throw std::invalid_argument(fmt::format(
      "there is no network '{}'; there are: proxy, switch, switch:release=off", network));
}

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
  add_workload_options(plan, json);
  if (!plan.network.empty()) json["network"] = plan.network;
  if (!plan.isolation.empty()) json["isolation"] = plan.isolation;
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
  plan.network = network_in(object, plan.system);
  plan.mutant = object.text("mutant");
  plan.workload = object.text("workload");
  plan.isolation = object.optional_text("isolation").value_or("");
  if (object.has("model_parameters")) {
    plan.model_parameters = object.texts_by_name("model_parameters");
  }
  read_workload_options(object, plan);
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
  add("--network", plan.network,
      has_switch(plan) || (is_described(plan.system) && !plan.network.empty()));
  add("--mutant", plan.mutant, plan.mutant != standard.mutant);
  add("--workload", plan.workload, plan.workload != standard.workload);
  add("--isolation", plan.isolation, plan.isolation != standard.isolation);
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
  add("--mix", numbers_text(plan.mix), plan.mix != standard.mix);
  add("--phases", phases_text(plan.phases), !plan.phases.empty());
  add("--reserve", numbers_text(plan.reserved), plan.reserved != standard.reserved);
  add("--key-skew", plan.key_skew, plan.key_skew != standard.key_skew);
  if (plan.ops_per_key) add("--ops-per-key", *plan.ops_per_key, true);
  add("--value-bytes", plan.value_bytes, plan.value_bytes != standard.value_bytes);
  add("--txn-length", lengths_text(plan.txn_length), plan.txn_length.has_value());
  if (plan.max_writes_per_key) add("--max-writes-per-key", *plan.max_writes_per_key, true);
  add("--rate", plan.rate, plan.rate != standard.rate);
  add("--bursts", bursts_text(plan), plan.burst != standard.burst);
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
