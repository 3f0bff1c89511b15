#include "harness/driver/described/description.h"

#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "checker/isolation/level.h"
#include "harness/json_file.h"
#include "node/api/json_object.h"

namespace sunder::harness::described {

namespace {

std::vector<std::string> command(const JsonObject& object, std::string_view name) {
  constexpr std::string_view allowed = "a command line: a list of strings, at least one";
  auto words = object.texts(name, allowed);
  if (words.empty()) object.refuse(name, allowed);
  return words;
}

workloads::Operations operations_in(const nlohmann::json& json) {
  const JsonObject object(json, "the system.operations");
  constexpr std::string_view allowed = "a list of operations, such as [\"add\", \"read\"]";
  workloads::Operations operations;
  for (const auto& [name, functions] : json.items()) {
    const auto kind = workloads::kind_named(name);
    for (const auto& f : object.texts(workloads::name_of(kind), allowed)) operations.add(kind, f);
  }
  if (operations.by_kind().empty()) {
    throw std::invalid_argument(
        "the system.operations names none: leave it out, or say what its "
        "adapter can do");
  }
  return operations;
}

Description parse(const nlohmann::json& json) {
  const JsonObject object(json, "the system");
  Description parsed;
  parsed.node = command(object, "node");
  parsed.adapter = command(object, "adapter");
  if (object.has("environment")) parsed.environment = object.texts_by_name("environment");
  parsed.peer = object.optional_text("peer").value_or(parsed.peer);
  parsed.separator = object.optional_text("separator").value_or(parsed.separator);
  if (const auto* operations = object.find("operations")) {
    parsed.operations = operations_in(*operations);
  }
  if (const auto level = object.optional_text("isolation")) {
    parsed.isolation = name_of(checker::isolation::level_named(*level));
  }
  parsed.multiplexed = object.optional_boolean("multiplexed").value_or(false);
  if (const auto* ready = object.find("ready")) {
    const JsonObject how(*ready, "the system.ready");
    parsed.ready_path = how.text("http", "a path, such as \"/health\"");
    how.done();
  }
  object.done();
  return parsed;
}

}  // namespace

Description read_description(const std::filesystem::path& file) {
  auto description = read_json_file(file, parse);
  description.here = std::filesystem::absolute(file).parent_path();
  return description;
}

std::string fill_in(const std::string& text, const Placeholders& placeholders) {
  constexpr const char* letters = "abcdefghijklmnopqrstuvwxyz";
  std::string filled;
  std::size_t from = 0;
  for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', from)) {
    const auto close = text.find_first_not_of(letters, open + 1);
    filled += text.substr(from, open - from);
    from = open + 1;
    if (close == std::string::npos || text[close] != '}' || close == open + 1) {
      filled += '{';
      continue;
    }
    const auto name = text.substr(open + 1, close - open - 1);
    const auto found = placeholders.find(name);
    if (found == placeholders.end()) {
      std::vector<std::string> names;
      for (const auto& [known, value] : placeholders) names.push_back("{" + known + "}");
      throw std::invalid_argument(fmt::format("unknown placeholder {{{}}} in '{}'; there are: {}",
                                              name, text, fmt::join(names, " ")));
    }
    filled += found->second;
    from = close + 1;
  }
  return filled + text.substr(from);
}

}  // namespace sunder::harness::described
