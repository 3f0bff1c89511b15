#include "results/page/assets.h"

#include <cstddef>
#include <span>

#include "checker/invariant.h"

/// Written by results/page/embed.cmake, in the order of the names.
extern "C" {
struct SunderPageAsset {
  const char* name;
  const char* begin;
  const char* end;
};
extern const SunderPageAsset sunder_page_assets[];
extern const std::size_t sunder_page_asset_count;
}

namespace sunder::results {

namespace {

constexpr std::string_view library = "d3.min.js";

std::span<const SunderPageAsset> all() {
  return {sunder_page_assets, sunder_page_asset_count};
}

std::string_view content_of(const SunderPageAsset& asset) {
  return {asset.begin, static_cast<std::size_t>(asset.end - asset.begin)};
}

}  // namespace

std::string_view page_asset(std::string_view name) {
  for (const SunderPageAsset& asset : all()) {
    if (asset.name == name) return content_of(asset);
  }
  CHECK(false, "no file '{}' in results/page/", name);
}

std::vector<std::pair<std::string_view, std::string_view>> page_modules() {
  std::vector<std::pair<std::string_view, std::string_view>> modules;
  for (const SunderPageAsset& asset : all()) {
    const std::string_view name = asset.name;
    if (name.ends_with(".js") && name != library) modules.emplace_back(name, content_of(asset));
  }
  return modules;
}

}  // namespace sunder::results
