#include "harness/schedule_file.h"

#include "harness/json_file.h"

namespace sunder::harness {

nemesis::Schedule read_schedule(const std::filesystem::path& path, int nodes) {
  return read_json_file(path, [nodes](const nlohmann::json& json) {
    auto schedule = nemesis::schedule_from_json(json);
    nemesis::require_nodes(schedule, nodes);
    return schedule;
  });
}

}  // namespace sunder::harness
