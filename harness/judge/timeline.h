#pragma once
// What a report shows of one node over time. It is made from the node's trace (or from its roles,
// as StatusWatch recorded them) and from the kills and crashes in the history: a dead node cannot
// write that it is down.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/history/run_event.h"
#include "checker/raft/asked_roles.h"
#include "node/api/trace.h"
#include "results/report/report.h"

namespace sunder::harness {

/// When the node's process ended, in order.
std::vector<history::Time> deaths_of(const std::string& node,
                                     std::span<const history::RunRecord> records);

class NodeTimelineBuilder {
 public:
  NodeTimelineBuilder(std::string node, std::span<const history::RunRecord> records);

  /// The node's records in their order.
  void add(const trace::Record& record);
  /// Of a node without a trace: its roles, in order. A role holds until the next one.
  void add(const checker::raft::AskedRole& said);
  /// `end` is the run's end.
  results::NodeTimeline finish(history::Time end);

 private:
  void enter(history::Time time, results::Role role, std::uint64_t term);
  void close(history::Time time);
  void mark(const trace::Record& record, std::string text);
  /// "voted for n3"; `peer` is remembered if it is another node.
  void mark_about(const trace::Record& record, NodeId peer, std::string_view what);
  void die_before(history::Time time);

  results::NodeTimeline timeline_;
  /// When its process ended, in order.
  std::vector<history::Time> deaths_;
  std::size_t next_death_ = 0;
  std::optional<results::RoleSpan> open_;
  /// When it wrote its last record. A node that starts again was down since then, if no event says
  /// when it died: a restart storm is one event with many deaths.
  history::Time last_heard_{0};
};

}  // namespace sunder::harness
