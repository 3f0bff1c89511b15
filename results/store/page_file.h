#pragma once
// Writes a page where a user wants it. Invariant: no file that is not a page of sunder's is lost,
// unless the user asks for that.

#include <filesystem>
#include <string_view>

namespace sunder::results {

/// What may be in the page's place. An empty file, or a device such as /dev/stdout, always may.
enum class Replacing { pages_of_sunder, anything };

/// Throws std::invalid_argument if something else is there, std::runtime_error if the disk refuses.
void write_page(const std::filesystem::path& path, std::string_view page, Replacing replacing);

/// Throws as write_page, before anything has been computed.
void require_place_for_page(const std::filesystem::path& path, Replacing replacing);

}  // namespace sunder::results
