#pragma once
// What a property of a cluster is: watched by one small class over the records of all nodes.
// Records of one node come in their order; between nodes any order will do, so nothing here may
// depend on it; their times can be compared, because what caused something was said before it.
// Invariant: a violation always has the two events that contradict each other.

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checker/raft/replica.h"
#include "checker/verdict.h"

namespace sunder::checker::raft {

/// When and where something was seen.
struct Sighting {
  history::Time time{0};
  NodeId node;
  Term term;
};

/// Which entry; by log matching there is one such, and it stands behind the same ones everywhere.
struct EntryKey {
  Index index;
  Term term;
  bool operator==(const EntryKey&) const = default;
};
struct EntryKeyHash {
  std::size_t operator()(const EntryKey& key) const {
    return (key.index.value * 0x9e3779b97f4a7c15U) ^ key.term.value * 0xbf58476d1ce4e5b9U;
  }
};

TraceEvidence evidence(const Sighting& sighting, Index index, std::string what);

class Property {
 public:
  explicit Property(std::string name) : name_(std::move(name)) {}
  virtual ~Property() = default;
  Property(const Property&) = delete;
  Property& operator=(const Property&) = delete;

  /// `replica` is the node just before the record.
  virtual void observe(const trace::Record& record, const Replica& replica) = 0;
  /// After the last record of the last node. `traces_are_whole`: what is not in them did not
  /// happen.
  virtual void finish(bool /*traces_are_whole*/) {}
  /// What was looked at, for a valid result.
  virtual std::string looked_at() const = 0;

  CheckResult result() const;

 protected:
  /// Keeps the violation that was complete first.
  void violate(std::string sentence, TraceEvidence left, TraceEvidence right);
  /// Why it is `unknown` if nothing is violated. Keeps the first.
  void doubt(std::string reason);

 private:
  struct Violation {
    std::string sentence;
    std::array<TraceEvidence, 2> events;
    history::Time complete_at{0};
  };
  std::string name_;
  std::optional<Violation> first_;
  std::optional<std::string> doubt_;
  std::size_t violations_ = 0;
};

}  // namespace sunder::checker::raft
