#pragma once
// What clients do next. A generator's choices of operation and key depend only on the seed, the
// worker and how many calls that worker has made, never on timing; only the value a cas expects
// follows from what was read before.

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
  std::string key;
  history::Value value;
  /// What the key holds.
  Kind kind = Kind::register_;
  bool operator==(const Call&) const = default;
};

/// How a call ended: the fields of a history's completion line.
struct Completion {
  history::EventType type = history::EventType::info;
  history::Value value;
  std::string error;
  std::optional<history::Answer> answer = {};
};

class Generator {
 public:
  virtual ~Generator() = default;

  virtual Call next(Worker worker) = 0;
  virtual void completed(const Call& call, const Completion& completion) = 0;

  /// Reads made once the faults are healed, so that what was lost is seen to be lost.
  virtual std::vector<Call> final_reads() const = 0;
};

}  // namespace sunder::workloads
