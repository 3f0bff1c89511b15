#pragma once
// What a check says. Three answers, of which the worst wins: invalid beats unknown beats valid.

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

/// The smallest set of operations found that is still not linearizable.
struct Counterexample {
  std::string key;
  /// By invocation. Those whose answer does not matter are weakened.
  std::vector<history::Operation> operations;
  /// The one that cannot be explained: a position in `operations`.
  std::size_t culprit = 0;
  /// "client 3 read 17 after client 5's write of 21 had returned"
  std::string sentence;
  /// They cannot be ordered whatever the state before them; what returned before is left out.
  bool from_any_state = false;
};

/// Something a node said, as proof of a broken Raft property.
struct TraceEvidence {
  history::Time time{0};
  /// "n2"
  std::string node;
  std::uint64_t term = 0;
  /// 0 where no log position is meant.
  std::uint64_t index = 0;
  /// "n2 became leader of term 5"
  std::string what;
};

/// The answer of one check: "linearizable", "election safety", "operations succeeded", ...
struct CheckResult {
  std::string name;
  Validity validity = Validity::valid;
  /// One sentence; on invalid what broke, on unknown how far it got, on valid what was looked at.
  std::string message;
  /// How it was decided, for people: "zones", "search", "traces".
  std::string procedure;
  std::optional<Counterexample> counterexample;
  std::vector<TraceEvidence> evidence;
};

struct Verdict {
  Validity validity = Validity::valid;
  /// The worst check's message, or what was proved.
  std::string sentence;
  std::vector<CheckResult> checks;
};

/// The worst of all; the sentence is that of the first check that is as bad as the worst.
/// No checks at all is unknown: nothing was looked at.
Verdict combine(std::vector<CheckResult> checks);

}  // namespace sunder::checker
