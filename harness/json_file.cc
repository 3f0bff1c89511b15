#include "harness/json_file.h"

#include <fstream>
#include <sstream>

#include "node/api/json_object.h"

namespace sunder::harness {

nlohmann::json read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    throw std::invalid_argument(
        fmt::format("{}: there is no such file, or it cannot be read", path.string()));
  }
  try {
    return parse_json(text.str());
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("{}: {}", path.string(), error.what()));
  }
}

}  // namespace sunder::harness
