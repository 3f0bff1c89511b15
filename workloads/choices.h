#pragma once
// How a generator draws: which operation, which key, which fresh value. Each worker has random
// numbers of its own, so its draws are the same whatever the others do.
// Surprise: with `ops_per_key` keys wear out: behind so many calls of all workers together a key is
// left for a new one. Workers count for themselves, so two of them may change a little apart.

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checker/history/value.h"
#include "checker/models/parameters.h"
#include "workloads/generator.h"

namespace sunder::workloads {

/// By operation: "read" 5, "write" 3 means five reads for three writes.
using Mix = std::map<std::string, int>;

/// Each worker makes so many calls by this mix.
struct Phase {
  int calls = 1;
  Mix mix;
  bool operator==(const Phase&) const = default;
};

/// Of transactions: how many operations each has.
struct Lengths {
  int least = 1;
  int most = 4;
  bool operator==(const Lengths&) const = default;
};

struct GeneratorOptions {
  std::uint64_t seed = 0;
  int workers = 1;
  /// That are in use at a time.
  int keys = 1;
  /// Instead of the workload's usual weights; what is not named keeps its weight. 0: never.
  Mix mix = {};
  /// One after another, and then from the first again; each changes `mix`. Empty: `mix` all the
  /// time.
  std::vector<Phase> phases = {};
  /// So many workers, the first ones, do nothing but this operation.
  std::map<std::string, int> reserved = {};
  /// Exponent of Zipf's law: key i is drawn in proportion to 1 / i^skew. 0: all alike.
  double key_skew = 0;
  /// Absent: as the workload usually does. 0: keys are never left.
  std::optional<int> ops_per_key = {};
  /// Written values are texts of at least this length. 0: as short as possible.
  int value_bytes = 0;
  /// Absent: as the workload usually does. Only of transactions.
  std::optional<Lengths> txn_length = {};
  std::optional<int> max_writes_per_key = {};
  /// Of the workload's model, such as a bank's accounts and total.
  checker::Parameters parameters = {};
};

class Choices {
 public:
  /// `usual` are the workload's weights. Throws std::invalid_argument if the options name an
  /// operation that it has not, or leave none.
  Choices(const GeneratorOptions& options, const std::vector<std::pair<std::string, int>>& usual,
          int usual_ops_per_key = 0);

  /// The next operation of the worker. Counts as its call.
  const std::string& f(Worker worker);
  /// One of the keys in use, from 0 on, by the skew.
  std::uint64_t place(Worker worker);
  /// A key of the worker's present ones.
  std::string key(Worker worker);
  /// Below `count`.
  std::uint64_t below(Worker worker, std::uint64_t count);
  /// A number that no other call of any worker gets, from 1.
  std::int64_t fresh_number(Worker worker);
  /// The same as a value of at least the asked length: 17, or "17......".
  history::Value fresh_value(Worker worker);

  /// All keys that were in use so far: "k1", "k2", ....
  std::vector<std::string> used_keys() const;
  /// A call without a value on each of them.
  std::vector<Call> on_used_keys(const std::string& f, Kind kind) const;
  int workers() const { return static_cast<int>(slots_.size()); }

 private:
  struct Slot {
    // The engine's numbers are the same with every library; the standard's distributions are not.
    std::mt19937_64 random;
    std::int64_t values_used = 0;
    std::uint64_t calls = 0;
    /// Index in functions_ of the only operation that this worker does.
    std::optional<std::size_t> only = {};
  };

  Slot& slot(Worker worker) { return slots_.at(static_cast<std::size_t>(worker)); }
  /// What a worker does in a phase: the weights of functions_, and their sum.
  struct Weights {
    std::vector<std::uint64_t> of_each;
    std::uint64_t total = 0;
    /// The number of calls at which it ends, counted from the begin of the first phase.
    std::uint64_t end = 0;
  };

  Weights weights_of(const std::vector<std::pair<std::string, int>>& usual, const Mix& mix,
                     const Mix& of_phase) const;
  const Weights& weights_at(std::uint64_t calls) const;
  void reserve(const std::map<std::string, int>& reserved);
  std::size_t place_of(const std::string& f) const;
  history::Value padded(std::int64_t number) const;
  std::uint64_t round_of(const Slot& slot) const;

  std::vector<std::string> functions_;
  /// At least one.
  std::vector<Weights> phases_;
  std::uint64_t keys_;
  /// Of each key in use, the sum of its weight and those before it. Empty if all are alike.
  std::vector<std::uint64_t> key_weights_;
  std::uint64_t calls_per_round_ = 0;
  std::uint64_t last_round_ = 0;
  int value_bytes_;
  std::vector<Slot> slots_;
};

}  // namespace sunder::workloads
