#pragma once
// The result of a check, and the verdict over several: invalid beats unknown beats valid.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/history/event.h"
#include "checker/history/operation.h"

namespace sunder::checker {

enum class Validity { valid, unknown, invalid };

/// "valid", "unknown", "invalid".
std::string_view name_of(Validity validity);

constexpr Validity worse(Validity left, Validity right) {
  return left < right ? right : left;
}

/// How stale a read was: how long ago its value had been overwritten, and by how many writes.
struct Stale {
  history::Time age{0};
  std::size_t writes = 0;
};

/// The stale reads of a history.
struct Staleness {
  std::size_t reads = 0;
  /// Of each figure by itself.
  Stale median;
  Stale max;
};

/// The smallest set of operations found that is still not linearizable.
struct Counterexample {
  std::string key;
  /// Sorted by invocation. Operations whose result does not matter are weakened.
  std::vector<history::Operation> operations;
  /// The operation that no order explains: an index in `operations`.
  std::size_t culprit = 0;
  /// "client 3 read 17 after client 5's write of 21 had returned"
  std::string sentence;
  /// They cannot be linearized from any state, so the operations before them are left out.
  bool from_any_state = false;
  /// False if the time or the memory of the check ran out before a smaller set was found.
  bool is_minimal = true;
  /// Of a set or list: the proof is about these elements. What reads say of others does not matter.
  std::vector<history::Value> elements;
  /// Of a culprit that is a stale read.
  std::optional<Stale> stale;
};

/// An event of a node, as evidence for a broken Raft property.
struct TraceEvidence {
  history::Time time{0};
  /// "n2"
  std::string node;
  std::uint64_t term = 0;
  /// 0 if the event has no log position.
  std::uint64_t index = 0;
  /// "n2 became leader of term 5"
  std::string what;
};

/// The result of one check: "linearizable", "election safety", "operations succeeded", ...
struct CheckResult {
  std::string name;
  Validity validity = Validity::valid;
  /// One sentence. Invalid: what broke. Unknown: how far the check got. Valid: what was checked.
  std::string message;
  /// The procedure that decided it, for people: "zones", "search", "traces".
  std::string procedure;
  std::optional<Counterexample> counterexample;
  std::vector<TraceEvidence> evidence;
  /// Of a history that is not linearizable, if reads of it are stale.
  std::optional<Staleness> staleness = std::nullopt;
};

struct Verdict {
  Validity validity = Validity::valid;
  /// The worst check's message, or what was proved.
  std::string sentence;
  std::vector<CheckResult> checks;
};

/// The worst validity, with the sentence of the first check that has it. Without any check it is
/// unknown.
Verdict combine(std::vector<CheckResult> checks);

}  // namespace sunder::checker
