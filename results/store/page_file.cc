#include "results/store/page_file.h"

#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "results/store/run_store.h"

namespace sunder::results {
namespace fs = std::filesystem;

namespace {

/// Whether the file begins as every page does (page/document.html).
bool is_page_of_sunder(const fs::path& path) {
  constexpr std::size_t head = 1024;
  std::string text(head, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text.starts_with("<!doctype html>") &&
         text.find("<title>sunder</title>") != std::string::npos;
}

/// Where a link leads, also if nothing is there yet.
fs::path place_of(fs::path path) {
  constexpr int most_links = 40;
  std::error_code ignored;
  for (int i = 0; i < most_links && fs::is_symlink(path, ignored); ++i) {
    path = path.parent_path() / fs::read_symlink(path);
  }
  return path;
}

void write_to_device(const fs::path& path, std::string_view text) {
  std::ofstream device(path, std::ios::binary);
  device.write(text.data(), static_cast<std::streamsize>(text.size()));
  device.flush();
  if (device) return;
  throw std::runtime_error(
      fmt::format("cannot write {}: {}", path.string(), std::generic_category().message(errno)));
}

}  // namespace

void require_place_for_page(const fs::path& path, Replacing replacing) {
  std::error_code ignored;
  const auto status = fs::status(path, ignored);
  if (fs::is_directory(status)) {
    throw std::invalid_argument(
        fmt::format("{} is a folder: name a file for the page", path.string()));
  }
  if (!fs::is_regular_file(status) || replacing == Replacing::anything) return;
  if (fs::is_empty(path, ignored) || is_page_of_sunder(path)) return;
  throw std::invalid_argument(
      fmt::format("{} is there and is no page of sunder's: choose another place with -o, or "
                  "replace it with --force",
                  path.string()));
}

void write_page(const fs::path& path, std::string_view page, Replacing replacing) {
  require_place_for_page(path, replacing);
  std::error_code ignored;
  const auto status = fs::status(path, ignored);
  if (fs::exists(status) && !fs::is_regular_file(status)) return write_to_device(path, page);
  write_whole_file(place_of(path), page, "-o");
}

}  // namespace sunder::results
