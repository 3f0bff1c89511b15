#pragma once
// The checksum of frames and files: CRC-32C (Castagnoli).

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace sunder {

/// The checksum of the parts' concatenation.
std::uint32_t crc32c(std::initializer_list<std::string_view> parts);

}  // namespace sunder
