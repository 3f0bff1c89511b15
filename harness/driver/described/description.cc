#include "harness/driver/described/description.h"

#include <fstream>
#include <set>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace sunder::harness::described {

namespace {

using nlohmann::json;

const std::set<std::string> known_members{"node",  "environment", "peer",       "separator",
                                          "ready", "adapter",     "multiplexed"};

void refuse_unknown(const json& description) {
  for (const auto& [name, member] : description.items()) {
    if (known_members.contains(name)) continue;
    throw std::invalid_argument(
        fmt::format("unknown member '{}'; there are: {}", name, fmt::join(known_members, ", ")));
  }
}

std::vector<std::string> command(const json& description, const char* member) {
  auto words = description.at(member).get<std::vector<std::string>>();
  if (words.empty()) {
    throw std::invalid_argument(fmt::format("'{}' is an empty command line", member));
  }
  return words;
}

Description parse(const json& description) {
  refuse_unknown(description);
  Description parsed;
  parsed.node = command(description, "node");
  parsed.adapter = command(description, "adapter");
  parsed.environment = description.value("environment", parsed.environment);
  parsed.peer = description.value("peer", parsed.peer);
  parsed.separator = description.value("separator", parsed.separator);
  parsed.multiplexed = description.value("multiplexed", false);
  if (description.contains("ready")) parsed.ready_path = description["ready"].at("http");
  return parsed;
}

}  // namespace

Description read_description(const std::filesystem::path& file) {
  std::ifstream text(file);
  if (!text) {
    throw std::invalid_argument(fmt::format("--system {}: cannot be read", file.string()));
  }
  try {
    auto description = parse(json::parse(text));
    description.here = std::filesystem::absolute(file).parent_path();
    return description;
  } catch (const json::exception& error) {
    throw std::invalid_argument(fmt::format("{}: {}", file.string(), error.what()));
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("{}: {}", file.string(), error.what()));
  }
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
