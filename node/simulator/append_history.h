#pragma once
// What clients saw of append-only lists, and whether it is linearizable. Appended elements are
// unique, so the longest list read fixes the order of all appends, and the question is exact:
//   every list read is a prefix of it, nothing stands in it twice,
//   it agrees with real time: who completed before another began comes first.

#include <optional>
#include <string>
#include <vector>

#include "node/raft/types.h"

namespace sunder::simulator {

class AppendHistory {
 public:
  using Element = std::uint64_t;
  using Ticket = std::size_t;

  Ticket invoke_append(raft::Time now, int key, Element element);
  Ticket invoke_read(raft::Time now, int key);
  void complete_append(Ticket ticket, raft::Time now);
  void complete_read(Ticket ticket, raft::Time now, std::vector<Element> list);
  /// Certainly did not happen.
  void fail(Ticket ticket);

  std::size_t completed() const;
  /// The first contradiction found; nothing if the history is linearizable.
  std::optional<std::string> contradiction() const;

 private:
  struct Operation {
    int key;
    bool is_append;
    Element element = 0;
    raft::Time invoked;
    /// Absent while it may still happen.
    std::optional<raft::Time> completed;
    bool has_failed = false;
    std::vector<Element> list;
  };

  std::optional<std::string> contradiction_of(
      const std::vector<const Operation*>& operations) const;

  std::vector<Operation> operations_;
};

}  // namespace sunder::simulator
