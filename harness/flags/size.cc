#include "harness/flags/size.h"

#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace sunder::harness {

namespace {

constexpr std::array<std::pair<std::string_view, unsigned>, 9> units{{{"", 0},
                                                                      {"K", 10},
                                                                      {"KiB", 10},
                                                                      {"M", 20},
                                                                      {"MiB", 20},
                                                                      {"G", 30},
                                                                      {"GiB", 30},
                                                                      {"T", 40},
                                                                      {"TiB", 40}}};

}  // namespace

std::size_t parse_size(std::string_view flag, const std::string& text) {
  std::size_t number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  const std::string_view unit(parsed.ptr, static_cast<std::size_t>(end - parsed.ptr));
  if (parsed.ec == std::errc{} && number > 0) {
    for (const auto& [name, bits] : units) {
      if (unit == name && number <= (SIZE_MAX >> bits)) return number << bits;
    }
  }
  throw std::invalid_argument(
      fmt::format("{} {}: expected a size, such as 512MiB or 4GiB", flag, text));
}

}  // namespace sunder::harness
