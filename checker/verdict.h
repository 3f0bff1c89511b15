#pragma once
// The result of a check, and the verdict over several: invalid beats unknown beats valid.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/history/event.h"
#include "checker/history/operation.h"
#include "checker/isolation/account.h"

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

/// Values that had one fate: their number, and the first of them.
struct FateCount {
  static constexpr std::size_t most_named = 8;
  std::size_t count = 0;
  std::vector<history::Value> values;
};

/// What became of the elements of sets and lists, or of the messages of queues, of all keys
/// (checker/objects/fates.h).
struct Fates {
  bool are_messages = false;
  /// Elements whose add, append or enqueue was answered ok.
  std::size_t acknowledged = 0;
  /// The last read lacks it, or a queue was empty without it. Of messages at least so many.
  FateCount lost;
  /// A read that began afterwards lacks it, and a later one has it: for how long it was missing.
  FateCount stale;
  history::Time stale_median{0};
  history::Time stale_max{0};
  /// A read has it several times, or it was dequeued more often than it was enqueued.
  FateCount duplicated;
  /// Its add or enqueue was not answered, and it was read or dequeued.
  FateCount recovered;
  /// It was read or dequeued, and nobody added or enqueued it, or only operations that failed.
  FateCount unexpected;
  /// No read began afterwards. Of messages: no dequeue was answered with it.
  FateCount never_read;
  /// Of messages: dequeues without an answer, each of which may have taken one, and drains, each of
  /// which may have taken all.
  std::size_t unanswered_dequeues = 0;
  std::size_t unanswered_drains = 0;
};

/// Of a queue: at some moment so many values had to be taken that no dequeue returned, and only so
/// many unanswered dequeues could have taken them.
struct Shortfall {
  std::size_t values = 0;
  std::size_t dequeues = 0;
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
  /// Of a queue with unanswered dequeues. If they are many, `operations` has one of the values and
  /// none of the dequeues.
  std::optional<Shortfall> shortfall;
  /// Of a queue: unanswered dequeues are left out, and the answers of the others are as they must
  /// be (FastAnswer::dequeues_stay).
  bool dequeues_stay = false;
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
  /// Of sets, lists and queues.
  std::optional<Fates> fates = std::nullopt;
  /// Of transactions.
  std::optional<isolation::Account> isolation = std::nullopt;
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
