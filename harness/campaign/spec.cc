#include "harness/campaign/spec.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/flags/flags.h"
#include "harness/json_file.h"
#include "node/api/json_object.h"

namespace sunder::harness::campaign {

namespace {

constexpr std::size_t most_seeds = 100'000;

std::optional<std::uint64_t> seed_of(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != end) return {};
  return value;
}

void read_names(const JsonObject& object, std::string_view name, std::vector<std::string>& names) {
  constexpr std::string_view allowed = "a list of strings, at least one and none empty";
  if (!object.has(name)) return;
  names = object.texts(name, allowed);
  const bool has_empty = std::find(names.begin(), names.end(), "") != names.end();
  if (names.empty() || has_empty) object.refuse(name, allowed);
}

void read_truth(const JsonObject& object, std::string_view name, bool& truth) {
  truth = object.optional_boolean(name).value_or(truth);
}

void read_text(const JsonObject& object, std::string_view name, std::string& text) {
  text = object.optional_text(name).value_or(text);
}

void read_duration(const JsonObject& object, std::string_view name, Duration& duration) {
  if (object.has(name)) duration = object.duration(name);
}

void read_seeds(const JsonObject& object, Spec& spec) {
  constexpr std::string_view allowed = "\"1..20\" or a list of numbers from 0";
  const auto* json = object.find("seeds");
  if (json == nullptr) return;
  if (json->is_string()) {
    spec.seeds = parse_seeds("seeds", json->get<std::string>());
    return;
  }
  if (!json->is_array() || json->empty()) object.refuse("seeds", allowed);
  spec.seeds.clear();
  for (const auto& each : *json) {
    if (!each.is_number_unsigned()) object.refuse("seeds", allowed);
    spec.seeds.push_back(each.get<std::uint64_t>());
  }
}

}  // namespace

std::vector<std::uint64_t> parse_seeds(std::string_view where, std::string_view text) {
  const auto refuse = [&] {
    throw std::invalid_argument(
        fmt::format("{} {}: expected seeds, such as 1..20 or 1,5,9..12", where, text));
  };
  std::vector<std::uint64_t> seeds;
  for (const auto& item : words_of(text, ',')) {
    const auto dots = item.find("..");
    const auto first = seed_of(std::string_view(item).substr(0, dots));
    const auto last = dots == std::string::npos ? first : seed_of(item.substr(dots + 2));
    if (!first || !last || *last < *first || *last - *first >= most_seeds) refuse();
    for (auto seed = *first;; ++seed) {
      seeds.push_back(seed);
      if (seed == *last) break;
    }
  }
  if (seeds.empty()) refuse();
  return seeds;
}

Spec spec_from_json(const nlohmann::json& json) {
  Spec spec;
  const JsonObject object(json, "the spec");
  read_text(object, "name", spec.name);
  read_names(object, "systems", spec.systems);
  read_names(object, "workloads", spec.workloads);
  read_names(object, "nemeses", spec.nemeses);
  read_names(object, "mutants", spec.mutants);
  read_seeds(object, spec);
  read_truth(object, "hunt", spec.hunt);
  read_duration(object, "budget", spec.budget);
  if (object.has("nodes")) spec.nodes = static_cast<int>(object.integer("nodes", 1, 9));
  read_duration(object, "time_limit", spec.time_limit);
  read_duration(object, "nemesis_interval", spec.nemesis_interval);
  read_duration(object, "run_timeout", spec.run_timeout);
  read_text(object, "flags", spec.flags);
  read_truth(object, "known_bad", spec.known_bad);
  read_truth(object, "canary", spec.canary);
  object.done();
  return spec;
}

Spec read_spec(const std::filesystem::path& path) {
  auto spec = read_json_file(path, spec_from_json);
  for (auto& nemesis : spec.nemeses) {
    if (!nemesis.starts_with('@')) continue;
    nemesis = "@" + (path.parent_path() / nemesis.substr(1)).string();
  }
  return spec;
}

nlohmann::json to_json(const Spec& spec) {
  return {{"name", spec.name},
          {"systems", spec.systems},
          {"workloads", spec.workloads},
          {"nemeses", spec.nemeses},
          {"mutants", spec.mutants},
          {"seeds", spec.seeds},
          {"hunt", spec.hunt},
          {"budget", to_text(spec.budget)},
          {"nodes", spec.nodes},
          {"time_limit", to_text(spec.time_limit)},
          {"nemesis_interval", to_text(spec.nemesis_interval)},
          {"run_timeout", to_text(spec.run_timeout)},
          {"flags", spec.flags},
          {"known_bad", spec.known_bad},
          {"canary", spec.canary}};
}

}  // namespace sunder::harness::campaign
