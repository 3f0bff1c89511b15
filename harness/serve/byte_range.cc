#include "harness/serve/byte_range.h"

#include <algorithm>
#include <charconv>

namespace sunder::harness::serve {

namespace {

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return {};
  return number;
}

}  // namespace

RangeAnswer range_of(std::string_view header, std::uint64_t file_size) {
  const RangeAnswer whole{RangeKind::whole, {0, file_size}};
  const RangeAnswer none{RangeKind::unsatisfiable, {}};
  constexpr std::string_view unit = "bytes=";
  if (!header.starts_with(unit)) return whole;
  header.remove_prefix(unit.size());
  const auto dash = header.find('-');
  if (dash == std::string_view::npos) return whole;
  const auto first = number_of(header.substr(0, dash));
  const auto last = number_of(header.substr(dash + 1));
  if (dash == 0) {  // "-500": the last 500 bytes
    if (!last) return whole;
    const auto length = std::min(*last, file_size);
    if (length == 0) return none;
    return {RangeKind::part, {file_size - length, length}};
  }
  const bool is_open = dash + 1 == header.size();
  if (!first || (!last && !is_open) || (last && *last < *first)) return whole;
  if (*first >= file_size) return none;
  const auto end = last ? std::min(*last, file_size - 1) : file_size - 1;
  return {RangeKind::part, {*first, end - *first + 1}};
}

}  // namespace sunder::harness::serve
