#pragma once
// Changes of a store that can compare what it has and write. Lists, queues, texts and counters are
// one text each. A guarded write reads its keys, and writes what follows from them if each is as
// it was; a transaction has several keys. Surprise: a guarded write whose comparison failed changed
// nothing, so it is tried again.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include "workloads/generator.h"

namespace sunder::harness {

/// Before the name of an account, in its key.
constexpr const char* accounts_folder = "account/";

/// A key as it was read.
struct Found {
  /// Absent if the key was.
  std::optional<std::string> text;
  /// Of its last change; 0 if it was absent.
  std::int64_t revision = 0;
};
using Snapshot = std::map<std::string, Found>;

struct Change {
  /// What the keys are to hold.
  std::map<std::string, std::string> puts;
  /// The value of an ok answer.
  history::Value answer;
};

/// What a key that holds this text answers to a read.
history::Value value_in(workloads::Kind kind, const std::optional<std::string>& text);

/// Whether it takes a look at the keys before it changes them. A set is a list without repetitions;
/// is_guarded() leaves it out, because some stores have sets.
bool is_guarded(const workloads::Call& call);

/// The keys of a guarded call.
std::set<std::string> keys_of(const workloads::Call& call);

/// What accounts hold, by their names.
history::Value balances_in(const Snapshot& accounts);

/// What follows from the keys as they were. A completion needs no change: the queue is empty.
std::variant<workloads::Completion, Change> change_of(const workloads::Call& call,
                                                      const Snapshot& snapshot);

}  // namespace sunder::harness
