#pragma once
// Histories of objects other than registers, of any size, the same for the same seed, streamed as
// JSON lines. Clients call a real object, so the history is linearizable; unless it is broken,
// once, half-way through. To add an object, derive from BenchObject and add a row to
// `bench_objects()`.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <random>
#include <string_view>
#include <vector>

#include "checker/history/event.h"

namespace sunder::checker::bench {

using Random = std::mt19937_64;

class BenchObject {
 public:
  virtual ~BenchObject() = default;
  /// Fills in `f` and `value` of the next operation.
  virtual void ask(Random& random, history::Event& event) = 0;
  /// Lets it happen: type and value of the completion.
  virtual void answer(Random& random, history::Event& event) = 0;
  /// A call that is answered at once.
  struct Call {
    std::string_view f;
    history::Value value;
    history::Value answer;
  };
  /// Calls of one client, one after the other, whose answers contradict the history: half-way, and
  /// the state behind them.
  virtual std::vector<Call> flaw() = 0;
  /// Calls at the end, such as a drain.
  virtual std::vector<Call> finish() { return {}; }
};

struct ObjectRow {
  std::string_view model;
  /// In the table.
  std::string_view name;
  /// Of 1,000 operations so many are never answered.
  int crashed_per_mille;
  std::unique_ptr<BenchObject> (*make)();
  /// If set: writes the history in its own way.
  void (*write)(const std::filesystem::path& path, std::int64_t operations, int clients,
                bool is_broken, std::uint64_t seed) = nullptr;
};

const std::vector<ObjectRow>& bench_objects();

/// Throws std::runtime_error if the file cannot be written.
void write_object_history(const std::filesystem::path& path, const ObjectRow& row,
                          std::int64_t operations, int clients, bool is_broken, std::uint64_t seed);

}  // namespace sunder::checker::bench
