#include "checker/history/read.h"

#include <algorithm>
#include <system_error>

#include "checker/history/jsonl.h"

namespace sunder::history {

namespace {

/// Room for as many operations as the file can hold, so that none is ever moved. Memory that is
/// reserved and not used costs nothing.
std::size_t operations_at_most(const std::filesystem::path& path) {
  constexpr std::size_t least_bytes = 2 * 60;  // an invocation and a completion
  constexpr std::size_t limit = 8'000'000;
  std::error_code ignored;
  const auto size = std::filesystem::file_size(path, ignored);
  return ignored ? 0 : std::min<std::size_t>(size / least_bytes + 1, limit);
}

}  // namespace

History read_history(const std::filesystem::path& path) {
  OperationBuilder builder(path.string());
  builder.reserve(operations_at_most(path));
  auto warnings =
      read_json_lines(path, [&](Event& event, std::int64_t line) { builder.add(event, line); });
  return builder.finish(std::move(warnings));
}

}  // namespace sunder::history
