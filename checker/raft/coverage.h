#pragma once
// The coverage of a run, from its nodes' traces: the cluster's abstract states, and the situations
// that are known to hide bugs. A valid run is stronger evidence if it covers more of them.
// Records must be observed in the order of time over all nodes.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string_view>

#include "checker/history/event.h"
#include "checker/raft/node_state.h"

namespace sunder::checker::raft {

/// Numbers of abstract states. States that differ only in node names or in the absolute values of
/// terms and indexes have the same number.
using StateSet = std::set<std::uint64_t>;

/// An interval in which the network was partitioned.
struct Disturbance {
  history::Time from{0};
  history::Time until{0};
};

class Coverage {
 public:
  explicit Coverage(std::span<const Disturbance> partitions = {}) : partitions_(partitions) {}

  void observe(const trace::Record& record);

  const StateSet& states() const { return states_; }
  /// Names from `all_situations`.
  const std::set<std::string_view>& situations() const { return situations_; }

 private:
  struct Node {
    NodeState state;
    Term term;
    std::optional<Term> voted_in;
    bool has_led = false;
    bool is_joint = false;
    Index configuration_at;
  };
  /// A candidacy and the end of the candidate's log.
  struct Candidate {
    NodeId node;
    Index end;
    Term end_term;
  };
  void note_situations(const trace::Record& record, const Node& before);
  void note_candidacy(const trace::Record& record, const Node& before);
  void note_configuration(const trace::Record& record, const trace::Configuration& configuration,
                          const Node& before);
  void note_refused_votes(const trace::Record& record, const Node& node);
  bool is_partitioned(history::Time time) const;
  void saw(std::string_view situation);
  std::uint64_t state() const;

  std::span<const Disturbance> partitions_;
  std::map<NodeId, Node> nodes_;
  std::map<Term, std::vector<Candidate>> candidates_;
  std::size_t last_event_ = 0;
  StateSet states_;
  std::set<std::string_view> situations_;
};

std::span<const std::string_view> all_situations();

}  // namespace sunder::checker::raft
