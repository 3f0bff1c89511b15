#include "node/api/admin_protocol.h"

#include <array>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "node/api/json_object.h"

namespace sunder::admin_protocol {
namespace {

constexpr std::array action_names{
    std::pair{Action::add, std::string_view{"add"}},
    std::pair{Action::remove, std::string_view{"remove"}},
    std::pair{Action::transfer, std::string_view{"transfer"}},
    std::pair{Action::show, std::string_view{"show"}},
    std::pair{Action::clock, std::string_view{"clock"}},
};

Action action_named(std::string_view wanted) {
  for (const auto& [action, name] : action_names) {
    if (name == wanted) return action;
  }
  throw std::invalid_argument(fmt::format(
      "\"admin\" is \"{}\"; allowed: add, remove, transfer, show, clock", wanted.substr(0, 60)));
}

std::set<NodeId> nodes_in(const JsonObject& fields, Action action) {
  std::set<NodeId> nodes;
  for (const auto& value : fields.array("nodes")) {
    const auto number = unsigned_integer_of(value, "a node");
    if (number < 1 || number > 255) {
      throw std::invalid_argument(fmt::format("node {}: allowed are 1 to 255", number));
    }
    nodes.insert(NodeId{static_cast<std::int64_t>(number)});
  }
  if (nodes.empty() || (action == Action::transfer && nodes.size() > 1)) {
    throw std::invalid_argument("\"nodes\" names no node, or more than one to transfer to");
  }
  return nodes;
}

}  // namespace

bool is_admin_line(std::string_view line) {
  return line.find("\"admin\"") != std::string_view::npos &&
         line.find("\"op\"") == std::string_view::npos;
}

std::string to_json_line(const Request& request) {
  nlohmann::ordered_json line{{"request", request.request}};
  for (const auto& [action, name] : action_names) {
    if (action == request.action) line["admin"] = name;
  }
  if (request.action == Action::clock) {
    line["rate"] = request.clock.rate;
    line["ahead_us"] = request.clock.ahead.count();
  } else if (request.action != Action::show) {
    line["nodes"] = nlohmann::json::array();
    for (const auto node : request.nodes) line["nodes"].push_back(node.value);
  }
  return line.dump();
}

Request parse_request(std::string_view line) {
  const auto fields = JsonObject::parse(line);
  Request request;
  request.request = fields.unsigned_integer("request");
  request.action = action_named(fields.text("admin"));
  if (request.action == Action::clock) {
    const std::int64_t most = greatest_clock_offset.count();
    request.clock.rate = fields.number("rate", least_clock_rate, greatest_clock_rate);
    request.clock.ahead = std::chrono::microseconds(fields.integer("ahead_us", -most, most));
  } else if (request.action != Action::show) {
    request.nodes = nodes_in(fields, request.action);
  }
  return request;
}

}  // namespace sunder::admin_protocol
