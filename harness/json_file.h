#pragma once
// JSON files that people write or that sunder reads again. Whatever is wrong with one throws
// std::invalid_argument that begins with the file's name.

#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sunder::harness {

nlohmann::json read_json(const std::filesystem::path& file);

/// What `read` makes of the file's JSON.
template <typename Read>
auto read_json_file(const std::filesystem::path& file, const Read& read) {
  const auto json = read_json(file);
  try {
    return read(json);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("{}: {}", file.string(), error.what()));
  }
}

}  // namespace sunder::harness
