#pragma once
// Histories of transactions of any size, the same for the same seed, streamed as sunder's own
// lines. Clients run transactions on a store that is strict, but for what the disorder says.

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace sunder::checker::bench {

enum class Disorder {
  none,         ///< Strict serializable.
  stale,        ///< Some transactions read every key without its last write.
  aborted,      ///< Some are answered fail and happened.
  interleaved,  ///< Some happen step by step, others in between.
  snapshot,     ///< Some read what there was when they were invoked: lost updates, write skew.
  tangled,  ///< 2,000 in the middle read any state since the first of them: one large component.
};

std::string_view name_of(Disorder disorder);

struct TransactionShape {
  std::int64_t transactions = 1000;
  int clients = 10;
  int steps = 4;
  bool registers = false;
  Disorder disorder = Disorder::none;
  std::uint64_t seed = 1;
};

/// Throws std::runtime_error if the file cannot be written.
void write_transactions(const std::filesystem::path& path, const TransactionShape& shape);

}  // namespace sunder::checker::bench
