#include "harness/campaign/spec.h"

#include <charconv>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "nemesis/schedule/json_object.h"

namespace sunder::harness::campaign {

namespace {

using nemesis::JsonObject;

constexpr std::size_t most_seeds = 100'000;

std::optional<std::uint64_t> seed_of(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != end) return {};
  return value;
}

void read_names(JsonObject& object, std::string_view name, std::vector<std::string>& names) {
  constexpr std::string_view allowed = "a list of texts with one at least";
  const auto* json = object.find(name);
  if (json == nullptr) return;
  if (!json->is_array() || json->empty()) object.refuse(name, allowed);
  names.clear();
  for (const auto& each : *json) {
    if (!each.is_string() || each.get<std::string>().empty()) object.refuse(name, allowed);
    names.push_back(each.get<std::string>());
  }
}

void read_truth(JsonObject& object, std::string_view name, bool& truth) {
  const auto* json = object.find(name);
  if (json == nullptr) return;
  if (!json->is_boolean()) object.refuse(name, "true or false");
  truth = json->get<bool>();
}

void read_text(JsonObject& object, std::string_view name, std::string& text) {
  if (object.find(name) != nullptr) text = object.text(name, "a text");
}

void read_span(JsonObject& object, std::string_view name, nemesis::Duration& duration) {
  if (object.find(name) != nullptr) duration = object.duration(name);
}

void read_seeds(JsonObject& object, Spec& spec) {
  constexpr std::string_view allowed = "\"1..20\" or a list of numbers from 0 on";
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

std::vector<std::string> words_of(std::string_view text, char separator) {
  std::vector<std::string> words;
  for (std::size_t from = 0; from <= text.size();) {
    const auto end = std::min(text.find(separator, from), text.size());
    if (end > from) words.emplace_back(text.substr(from, end - from));
    from = end + 1;
  }
  return words;
}

std::vector<std::uint64_t> parse_seeds(std::string_view where, std::string_view text) {
  const auto refuse = [&] {
    throw std::invalid_argument(
        fmt::format("{} {}: seeds are wanted, such as 1..20 or 1,5,9..12", where, text));
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
  JsonObject object(json, "the spec");
  read_text(object, "name", spec.name);
  read_names(object, "systems", spec.systems);
  read_names(object, "workloads", spec.workloads);
  read_names(object, "nemeses", spec.nemeses);
  read_names(object, "mutants", spec.mutants);
  read_seeds(object, spec);
  read_truth(object, "hunt", spec.hunt);
  read_span(object, "budget", spec.budget);
  if (object.find("nodes") != nullptr) spec.nodes = static_cast<int>(object.integer("nodes", 1, 9));
  read_span(object, "time_limit", spec.time_limit);
  read_span(object, "nemesis_interval", spec.nemesis_interval);
  read_span(object, "run_timeout", spec.run_timeout);
  read_text(object, "flags", spec.flags);
  read_truth(object, "known_bad", spec.known_bad);
  read_truth(object, "canary", spec.canary);
  object.done();
  return spec;
}

Spec read_spec(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file || !std::filesystem::is_regular_file(path)) {
    throw std::invalid_argument(
        fmt::format("{}: no such spec, or it cannot be read", path.string()));
  }
  try {
    Spec spec = spec_from_json(nlohmann::json::parse(file));
    for (auto& nemesis : spec.nemeses) {
      if (nemesis.starts_with('@'))
        nemesis = "@" + (path.parent_path() / nemesis.substr(1)).string();
    }
    return spec;
  } catch (const nlohmann::json::parse_error& error) {
    throw std::invalid_argument(
        fmt::format("{}: this is no JSON: {}", path.string(), error.what()));
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("{}: {}", path.string(), error.what()));
  }
}

Spec stored_spec(nlohmann::json json) {
  // A campaign whose schedules were chosen by the runs before cannot be repeated from its seeds.
  if (json.is_object() && json.value("guided", nlohmann::json(false)) == true) {
    throw std::invalid_argument(
        "this campaign used --guided, which sunder does not have any more: it cannot be resumed; "
        "start a new campaign without --guided");
  }
  if (json.is_object()) json.erase("guided");
  return spec_from_json(json);
}

nlohmann::json to_json(const Spec& spec) {
  return {{"name", spec.name},
          {"systems", spec.systems},
          {"workloads", spec.workloads},
          {"nemeses", spec.nemeses},
          {"mutants", spec.mutants},
          {"seeds", spec.seeds},
          {"hunt", spec.hunt},
          {"budget", nemesis::to_text(spec.budget)},
          {"nodes", spec.nodes},
          {"time_limit", nemesis::to_text(spec.time_limit)},
          {"nemesis_interval", nemesis::to_text(spec.nemesis_interval)},
          {"run_timeout", nemesis::to_text(spec.run_timeout)},
          {"flags", spec.flags},
          {"known_bad", spec.known_bad},
          {"canary", spec.canary}};
}

}  // namespace sunder::harness::campaign
