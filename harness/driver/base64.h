#pragma once

#include <string>
#include <string_view>

namespace sunder::harness {

std::string to_base64(std::string_view bytes);

/// Throws std::invalid_argument for what is no base64.
std::string from_base64(std::string_view text);

}  // namespace sunder::harness
