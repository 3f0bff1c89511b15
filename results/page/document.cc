#include "results/page/document.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "checker/invariant.h"
#include "results/page/assets.h"

namespace sunder::results {

using Json = nlohmann::ordered_json;

namespace {

/// As encodeURIComponent does, so that a module's text can stand in a URL.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'();:,/?@&=+$ ";
  std::string encoded;
  for (const char byte : text) {
    if (plain.find(byte) != std::string_view::npos) {
      encoded += byte;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(byte));
    }
  }
  return encoded;
}

/// Modules import one another as "#page/format.js"; the map gives each name its text.
Json import_map() {
  Json imports = Json::object();
  for (const auto& [name, text] : page_modules()) {
    const std::string source = fmt::format("{}\n//# sourceURL={}\n", text, name);
    imports[fmt::format("#page/{}", name)] = "data:text/javascript," + percent_encoded(source);
  }
  return {{"imports", std::move(imports)}};
}

/// Replaces the only `slot` of the template.
void fill(std::string& page, std::string_view slot, std::string_view text) {
  const std::size_t place = page.find(slot);
  CHECK(place != std::string::npos, "the template has no {}", slot);
  page.replace(place, slot.size(), text);
}

}  // namespace

std::string json_for_script(const Json& data) {
  std::string text = data.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size() + 1024);
  for (const char byte : text) {
    if (byte == '<') {
      safe += "\\u003c";
    } else {
      safe += byte;
    }
  }
  return safe;
}

std::string page_document(std::string_view main, const Json& data) {
  std::string page(page_asset("document.html"));
  // From the end of the template to its beginning: what was filled in is not searched again.
  fill(page, "{{main}}", fmt::format("#page/{}", main));
  fill(page, "{{imports}}", json_for_script(import_map()));
  fill(page, "{{data}}", json_for_script(data));
  fill(page, "{{d3}}", page_asset("d3.min.js"));
  fill(page, "{{style}}", page_asset("style.css"));
  return page;
}

}  // namespace sunder::results
