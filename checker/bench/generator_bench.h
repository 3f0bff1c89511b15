#pragma once
// Register histories of any size, the same for the same seed, streamed as JSON lines. Clients call
// a real register, so the history is linearizable; unless it is broken, once, half-way through.

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace sunder::checker::bench {

enum class Flaw {
  none,
  stale_read,  ///< One read is answered with a value that was overwritten before.
  lost_write,  ///< A write is answered ok and forgotten, and a read sees that.
};

std::string_view name_of(Flaw flaw);

struct Shape {
  std::int64_t operations = 1000;
  int clients = 10;
  /// Operations that are never answered, evenly spread.
  int crashed = 0;
  /// 0: every written value is new. Else written values are below this.
  int domain = 0;
  Flaw flaw = Flaw::none;
  std::uint64_t seed = 1;
};

/// Throws std::runtime_error if the file cannot be written.
void write_history(const std::filesystem::path& path, const Shape& shape);

}  // namespace sunder::checker::bench
