#pragma once
// A history ready to be judged: the clients' operations, and what the nemesis did.
// Invariant: every completion has its invocation, no process had two operations open, none was used
// again after an `info`: OperationBuilder refuses anything else with AssumptionBroken, so that no
// checker ever sees it.
// Surprise: an operation whose completion never came is `info`, just as if the client had said so.

#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "checker/history/input_error.h"
#include "checker/history/operation.h"

namespace sunder::history {

struct History {
  /// By invocation.
  std::vector<Operation> operations;
  /// The nemesis' events in order; `index` is their position. run_event.h gives them types.
  std::vector<Event> faults;
  /// What was forgiven in reading.
  std::vector<std::string> warnings;
  /// Where it was read from, for messages.
  std::string source;
  /// An ok read of nil says nothing at all (Jepsen's convention), rather than "absent".
  bool nil_reads_are_unknown = false;
  /// Lines by position; empty where every event stands on the line after the one before.
  std::vector<std::int64_t> lines;

  Place place_of(Position position) const;
};

/// Pairs invocations with completions.
class OperationBuilder {
 public:
  explicit OperationBuilder(std::string source);

  /// Events in their order. The event may be moved from. Throws AssumptionBroken.
  void add(Event& event, std::int64_t line);
  /// Room for that many operations.
  void reserve(std::size_t operations);
  History finish(std::vector<std::string> warnings);

 private:
  /// What a process is about.
  struct Process {
    enum class Phase { idle, open, retired } phase = Phase::idle;
    /// Its last operation, a place in `operations`.
    std::size_t operation = 0;
  };

  void invoke(Event& event, Process& process);
  void complete(Event& event, Process& process);
  void remember_line(std::int64_t line);
  [[noreturn]] void refuse(const std::string& message) const;

  History history_;
  std::unordered_map<std::int64_t, Process> processes_;
  Position position_ = 0;
};

}  // namespace sunder::history
