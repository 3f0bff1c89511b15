#include "harness/schedule_file.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

namespace sunder::harness {

nemesis::Schedule read_schedule(const std::filesystem::path& path, int nodes) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw std::invalid_argument(fmt::format("{}: cannot be read", path.string()));
  try {
    auto schedule = nemesis::parse_schedule(text.str());
    nemesis::require_nodes(schedule, nodes);
    return schedule;
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("{}: {}", path.string(), error.what()));
  }
}

}  // namespace sunder::harness
