// Transactions of several reads and writes, from which the order of the transactions can be
// inferred. Keys rotate: a key is written only so often, some keys live long and some short, those
// that were left are read a few times more, and at the end every key is read. So hardly any write
// remains that nobody has seen.
// Surprise: a worker's places and operations follow from the seed and its own calls, but which key
// stands at a place follows from how often all workers have written there. If each worker counted
// for itself, one whose calls take long, at a node that is behind, would be left alone with old
// keys, and nobody could see that its node's answers are stale.

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "workloads/choices.h"
#include "workloads/workload.h"

namespace sunder::workloads {

namespace {

constexpr int usual_writes_per_key = 128;
// A key that was left is read by every so many-th read, and only the latest of them.
constexpr std::uint64_t reads_for_one_of_a_left_key = 5;
constexpr std::int64_t left_keys_read = 3;
// A read of all keys at the end is cut into transactions of so many.
constexpr std::size_t keys_of_a_final_read = 16;

/// The keys that follow each other at one place: how often each is written, in turn.
class Lifetimes {
 public:
  explicit Lifetimes(int most) {
    for (const int part : {1, 4, 16, 2}) {
      writes_.at(count_++) = std::max(1, most / part);
      sum_ += writes_.at(count_ - 1);
    }
  }

  /// Which of the keys at the place has this write, both counted from 0.
  std::int64_t key_of(std::int64_t write) const {
    std::int64_t key = write / sum_ * static_cast<std::int64_t>(count_);
    auto left = write % sum_;
    for (const auto writes : writes_) {
      if (left < writes) break;
      left -= writes;
      ++key;
    }
    return key;
  }

 private:
  std::array<std::int64_t, 4> writes_{};
  std::size_t count_ = 0;
  std::int64_t sum_ = 0;
};

class TransactionGenerator final : public Generator {
 public:
  /// `write` is the operation; `writing` names the transactions that do nothing else.
  TransactionGenerator(const GeneratorOptions& options, Kind kind, const char* write,
                       const char* writing)
      : kind_(kind),
        write_(write),
        choices_(options, {{"mixed", 6}, {"read", 3}, {writing, 1}}),
        lengths_(options.txn_length.value_or(Lengths{})),
        lifetimes_(options.max_writes_per_key.value_or(usual_writes_per_key)),
        keys_(options.keys) {}

  Call next(Worker worker) override {
    const auto& f = choices_.f(worker);
    const bool mixes = f == "mixed";
    const bool only_reads = f == "read";
    const auto spread = static_cast<std::uint64_t>(lengths_.most - lengths_.least + 1);
    const auto length = lengths_.least + static_cast<int>(choices_.below(worker, spread));
    history::List steps;
    std::vector<std::int64_t> used;
    for (int step = 0; step < length; ++step) {
      const bool writes = mixes ? choices_.below(worker, 2) == 0 : !only_reads;
      const auto key = writes ? key_to_write(worker, used) : key_to_read(worker, used);
      used.push_back(key);
      steps.push_back(writes ? micro(write_, key, choices_.fresh_value(worker))
                             : micro("r", key, {}));
    }
    return transaction(std::move(steps));
  }

  std::vector<Call> final_calls() const override {
    std::vector<std::int64_t> keys;
    for (std::int64_t key = 0; key <= newest_ / keys_ * keys_ + keys_ - 1; ++key) {
      keys.push_back(key);
    }
    std::vector<Call> calls;
    for (std::size_t first = 0; first < keys.size(); first += keys_of_a_final_read) {
      history::List steps;
      for (auto i = first; i < std::min(keys.size(), first + keys_of_a_final_read); ++i) {
        steps.push_back(micro("r", keys[i], {}));
      }
      calls.push_back(transaction(std::move(steps)));
    }
    return calls;
  }

 private:
  Call transaction(history::List steps) const { return {"txn", {}, std::move(steps), kind_}; }

  static history::Value micro(const char* f, std::int64_t key, history::Value value) {
    return history::List{f, fmt::format("k{}", key + 1), std::move(value)};
  }

  /// Of a transaction's keys, so that it meets its own writes and writes what it has read; with
  /// lists, of which a read shows the whole order, less often.
  bool meets_itself(Worker worker, const std::vector<std::int64_t>& used) {
    const std::uint64_t one_in = kind_ == Kind::list_transaction ? 4 : 2;
    return choices_.below(worker, one_in) == 0 && !used.empty();
  }

  std::int64_t key_to_write(Worker worker, const std::vector<std::int64_t>& used) {
    // The latest key at that place, because a key that was left is written no more.
    const auto place = meets_itself(worker, used)
                           ? place_of(used[choices_.below(worker, used.size())])
                           : choices_.place(worker);
    return key_at(place, lifetimes_.key_of(writes_[place]++));
  }

  std::int64_t key_to_read(Worker worker, const std::vector<std::int64_t>& used) {
    const bool is_old = choices_.below(worker, reads_for_one_of_a_left_key) == 0;
    if (!is_old && meets_itself(worker, used)) return used[choices_.below(worker, used.size())];
    const auto place = choices_.place(worker);
    auto key = lifetimes_.key_of(writes_[place]);
    if (is_old) {
      const auto back = 1 + static_cast<std::int64_t>(choices_.below(worker, left_keys_read));
      key = std::max<std::int64_t>(0, key - back);
    }
    return key_at(place, key);
  }

  std::uint64_t place_of(std::int64_t key) const { return static_cast<std::uint64_t>(key % keys_); }
  std::int64_t key_at(std::uint64_t place, std::int64_t number) {
    const auto key = number * keys_ + static_cast<std::int64_t>(place);
    newest_ = std::max(newest_, key);
    return key;
  }

  Kind kind_;
  const char* write_;
  Choices choices_;
  Lengths lengths_;
  Lifetimes lifetimes_;
  std::int64_t keys_;
  /// By place, of all workers together.
  std::map<std::uint64_t, std::int64_t> writes_;
  /// The last of all keys that were used.
  std::int64_t newest_ = 0;
};

}  // namespace

std::unique_ptr<Generator> make_list_append_generator(const GeneratorOptions& options) {
  return std::make_unique<TransactionGenerator>(options, Kind::list_transaction, "append",
                                                "append");
}

std::unique_ptr<Generator> make_rw_register_generator(const GeneratorOptions& options) {
  return std::make_unique<TransactionGenerator>(options, Kind::transaction, "w", "write");
}

}  // namespace sunder::workloads
