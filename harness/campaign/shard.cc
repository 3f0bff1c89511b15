#include "harness/campaign/shard.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>

namespace sunder::harness::campaign {

Shard parse_shard(std::string_view text) {
  Shard shard;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, shard.number);
  const bool has_slash = first.ec == std::errc{} && first.ptr != end && *first.ptr == '/';
  if (has_slash) {
    const auto second = std::from_chars(first.ptr + 1, end, shard.of);
    const bool whole = second.ec == std::errc{} && second.ptr == end;
    if (whole && shard.number >= 1 && shard.number <= shard.of && shard.of <= 10'000) return shard;
  }
  throw std::invalid_argument(
      fmt::format("--shard {}: K/N is expected, such as 2/4 for the second of four", text));
}

std::vector<PlannedRun> share_of(const Shard& shard, const std::vector<PlannedRun>& runs) {
  std::vector<std::size_t> longest_first(runs.size());
  std::iota(longest_first.begin(), longest_first.end(), std::size_t{0});
  std::stable_sort(
      longest_first.begin(), longest_first.end(), [&runs](std::size_t left, std::size_t right) {
        return runs[left].record.expected_seconds > runs[right].record.expected_seconds;
      });
  std::vector<double> load(shard.of, 0.0);
  std::vector<std::size_t> mine;
  for (const std::size_t place : longest_first) {
    const auto least = std::min_element(load.begin(), load.end());
    *least += runs[place].record.expected_seconds;
    if (least - load.begin() == static_cast<std::ptrdiff_t>(shard.number) - 1) {
      mine.push_back(place);
    }
  }
  std::sort(mine.begin(), mine.end());
  std::vector<PlannedRun> share;
  for (const std::size_t place : mine) share.push_back(runs[place]);
  return share;
}

}  // namespace sunder::harness::campaign
