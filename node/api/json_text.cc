#include "node/api/json_text.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace sunder::api {
namespace {

bool stands_for_itself(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\';
}

}  // namespace

void append_json_string(fmt::memory_buffer& out, std::string_view text) {
  if (std::all_of(text.begin(), text.end(), stands_for_itself)) {
    out.push_back('"');
    out.append(text);
    out.push_back('"');
    return;
  }
  using nlohmann::json;
  out.append(json(text).dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace sunder::api
