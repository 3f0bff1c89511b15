#include "nemesis/schedule/observation.h"

#include <algorithm>

namespace sunder::nemesis {

const EnumNames<NodeEvent>& node_event_names() {
  static const EnumNames<NodeEvent> names{{NodeEvent::started, "started"},
                                          {NodeEvent::became_follower, "became_follower"},
                                          {NodeEvent::became_candidate, "became_candidate"},
                                          {NodeEvent::became_leader, "became_leader"},
                                          {NodeEvent::vote_granted, "vote_granted"},
                                          {NodeEvent::appended, "appended"},
                                          {NodeEvent::truncated, "truncated"},
                                          {NodeEvent::committed, "committed"},
                                          {NodeEvent::applied, "applied"},
                                          {NodeEvent::snapshot_taken, "snapshot_taken"},
                                          {NodeEvent::snapshot_installed, "snapshot_installed"},
                                          {NodeEvent::configuration, "configuration"},
                                          {NodeEvent::entries_sent, "entries_sent"},
                                          {NodeEvent::snapshot_sent, "snapshot_sent"},
                                          {NodeEvent::answer_sent, "answer_sent"}};
  return names;
}

void NodeStates::observe(const Observation& observation) {
  switch (observation.event) {
    case NodeEvent::became_candidate:
      candidate_ = observation.node;
      break;
    case NodeEvent::started:
    case NodeEvent::became_follower:
    case NodeEvent::became_leader:
      if (candidate_ == observation.node) candidate_.reset();
      break;
    default:
      break;
  }
  if (observation.log_end) log_ends_[observation.node] = *observation.log_end;
}

std::optional<NodeId> NodeStates::candidate() const {
  return candidate_;
}

std::optional<NodeId> NodeStates::most_behind() const {
  if (log_ends_.empty()) return std::nullopt;
  return std::min_element(log_ends_.begin(), log_ends_.end(),
                          [](auto& left, auto& right) { return left.second < right.second; })
      ->first;
}

std::optional<NodeId> NodeStates::most_ahead() const {
  if (log_ends_.empty()) return std::nullopt;
  return std::max_element(log_ends_.begin(), log_ends_.end(),
                          [](auto& left, auto& right) { return left.second < right.second; })
      ->first;
}

}  // namespace sunder::nemesis
