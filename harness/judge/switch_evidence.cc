#include "harness/judge/switch_evidence.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "harness/json_file.h"
#include "node/api/json_object.h"

namespace sunder::harness {

namespace fs = std::filesystem;

namespace {

constexpr const char* report_name = "network.json";
constexpr const char* clients_end = "clients";
constexpr std::int64_t most_frames = std::int64_t{1} << 60;

constexpr std::array kinds_on_links{"partition", "cut",     "reset",    "drop",   "delay",
                                    "duplicate", "reorder", "throttle", "corrupt"};

std::uint64_t count_of(const JsonObject& object, std::string_view name) {
  return static_cast<std::uint64_t>(object.integer(name, 0, most_frames));
}

SwitchReport report_in(const nlohmann::json& json) {
  const JsonObject object(json, "the network");
  SwitchReport report;
  report.gone = object.texts("gone");
  for (const auto& each : object.array("links")) {
    const JsonObject link(each, "the network.links");
    report.links.push_back({link.text("from"), link.text("to"), count_of(link, "frames"),
                            count_of(link, "bytes"), count_of(link, "dropped")});
  }
  return report;
}

bool has_faults_on_links(const Plan& plan) {
  const auto kinds = fault_kinds(plan);
  return std::any_of(kinds.begin(), kinds.end(), [](const std::string& kind) {
    return std::find(kinds_on_links.begin(), kinds_on_links.end(), kind) != kinds_on_links.end();
  });
}

struct CarriedFrames {
  std::uint64_t between_nodes = 0;
  std::uint64_t of_clients = 0;
  std::uint64_t dropped = 0;
};

CarriedFrames carried_frames(const SwitchReport& report) {
  CarriedFrames carried;
  for (const auto& link : report.links) {
    const bool is_of_clients = link.from == clients_end || link.to == clients_end;
    (is_of_clients ? carried.of_clients : carried.between_nodes) += link.frames;
    carried.dropped += link.dropped;
  }
  return carried;
}

}  // namespace

void write_switch_report(const fs::path& run, const Plan& plan, const SwitchReport& report) {
  nlohmann::ordered_json json{{"network", plan.network}, {"gone", report.gone}};
  json["links"] = nlohmann::ordered_json::array();
  for (const auto& link : report.links) {
    json["links"].push_back({{"from", link.from},
                             {"to", link.to},
                             {"frames", link.frames},
                             {"bytes", link.bytes},
                             {"dropped", link.dropped}});
  }
  std::ofstream file(run / report_name);
  file << json.dump(2) << '\n';
  if (!file.flush()) {
    throw std::runtime_error(fmt::format("cannot write {}", (run / report_name).string()));
  }
}

checker::CheckResult check_switch(const fs::path& run, const Plan& plan) {
  checker::CheckResult result{"links", checker::Validity::unknown, {}, "the switch", {}, {}};
  SwitchReport report;
  try {
    report = read_json_file(run / report_name, report_in);
  } catch (const std::invalid_argument& error) {
    result.message =
        fmt::format("nothing shows that the nodes' messages crossed the switch: {}", error.what());
    return result;
  }
  const auto carried = carried_frames(report);
  if (!report.gone.empty()) {
    result.message =
        fmt::format("the network of {} ended before the run", fmt::join(report.gone, ", "));
  } else if (plan.nodes > 1 && carried.between_nodes == 0 && has_faults_on_links(plan)) {
    result.message = "the switch carried no frame between nodes, so faults of links prove nothing";
  } else {
    result.validity = checker::Validity::valid;
    result.message =
        fmt::format("the switch carried {} frames between nodes and {} of clients, and dropped {}",
                    carried.between_nodes, carried.of_clients, carried.dropped);
  }
  return result;
}

}  // namespace sunder::harness
