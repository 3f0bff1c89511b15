#pragma once
// JSON text written straight into a buffer: the fast half of the api's to_json_line functions.

#include <string_view>

#include <fmt/format.h>

namespace sunder::api {

/// Appends `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD.
void append_json_string(fmt::memory_buffer& out, std::string_view text);

}  // namespace sunder::api
