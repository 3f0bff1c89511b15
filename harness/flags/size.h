#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sunder::harness {

/// Bytes of "512MiB", "4GiB", "4G" or "1000000". Throws std::invalid_argument naming `flag`.
std::size_t parse_size(std::string_view flag, const std::string& text);

}  // namespace sunder::harness
