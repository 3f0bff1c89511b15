#pragma once
// What clients do next. A generator's choices of operation and key depend only on the seed, the
// worker and how many calls that worker has made, never on timing; only arguments that must fit
// what was answered before (what a cas expects, whether a lock is to be released) follow from
// answers, and the keys of transactions rotate by the writes of all workers (transactions.cc).

#include <optional>
#include <string>
#include <vector>

#include "checker/history/event.h"
#include "workloads/operations.h"

namespace sunder::workloads {

/// A client's slot, from 0. Its process id changes after every `info`; the worker stays.
enum class Worker : int {};

/// An operation to be invoked: the fields of a history's `invoke` line.
struct Call {
  std::string f;
  /// Empty for kinds without keys: ids, accounts, transaction.
  std::string key;
  history::Value value;
  /// What the key holds.
  Kind kind = Kind::register_;
  bool operator==(const Call&) const = default;
};

/// Whether the call changes nothing: if it was not answered, it certainly did not happen.
bool only_reads(const Call& call);

/// Whether an ok answer has a value of its own, and does not only repeat what was asked.
bool is_answered_with_value(const Call& call);

/// How a call ended: the fields of a history's completion line.
struct Completion {
  history::EventType type = history::EventType::info;
  history::Value value;
  std::string error;
  std::optional<history::Answer> answer = {};
};

/// Of a call without an answer that tells: it may have happened, but not if it only reads.
Completion unanswered(const Call& call, std::string why);

/// Says who answered.
void set_answerer(Completion& completion, std::string node);

class Generator {
 public:
  virtual ~Generator() = default;

  /// Made once, before the others and before any fault, each until it is answered ok.
  virtual std::vector<Call> first_calls() const { return {}; }

  virtual Call next(Worker worker) = 0;
  virtual void completed(Worker /*worker*/, const Call& /*call*/,
                         const Completion& /*completion*/) {}

  /// Made once the faults are healed, so that what was lost is seen to be lost: reads of all keys,
  /// a drain of each queue. Each is repeated until is_final() says that it is done.
  virtual std::vector<Call> final_calls() const = 0;
  virtual bool is_final(const Call& /*call*/, const Completion& completion) const {
    return completion.type == history::EventType::ok;
  }
};

}  // namespace sunder::workloads
