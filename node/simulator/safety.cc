#include "node/simulator/safety.h"

#include <algorithm>

#include <fmt/format.h>

namespace sunder::simulator {

void Safety::observe(NodeId node, Term term, const trace::Event& event) {
  ++counts_[std::string(trace::name_of(event))];
  std::visit([&](const auto& each) { on(node, term, each); }, event);
}

std::uint64_t Safety::count_of(std::string_view event_name) const {
  const auto found = counts_.find(event_name);
  return found == counts_.end() ? 0 : found->second;
}

Index Safety::last_committed() const {
  return committed_.empty() ? Index{0} : committed_.rbegin()->first;
}

const trace::EntryDigest* Safety::entry_of(const Node& node, Index index) const {
  if (index <= node.edge || index.value > node.edge.value + node.log.size()) return nullptr;
  return &node.log[index.value - node.edge.value - 1];
}

void Safety::on(NodeId node, Term, const trace::Started& event) {
  nodes_[node] = {.leads = false, .edge = event.edge, .log = event.entries, .applied = event.edge};
}

void Safety::on(NodeId node, Term term, const trace::BecameLeader&) {
  auto& state = nodes_[node];
  state.leads = true;
  const auto [leader, is_new] = leaders_.emplace(term, node);
  if (!is_new && leader->second != node) {
    violated(fmt::format("election safety: {} and {} lead term {}", name_of(leader->second),
                         name_of(node), term.value));
  }
  for (const auto& [index, committed] : committed_) {
    if (committed.term >= term || index <= state.edge) continue;
    const auto* entry = entry_of(state, index);
    if (entry != nullptr && *entry == committed.entry) continue;
    violated(fmt::format("leader completeness: {} leads term {} without entry {} committed in {}",
                         name_of(node), term.value, index.value, committed.term.value));
    return;
  }
}

void Safety::on(NodeId node, Term, const trace::BecameFollower&) {
  nodes_[node].leads = false;
}

void Safety::on(NodeId node, Term, const trace::Appended& event) {
  auto& state = nodes_[node];
  auto index = event.first;
  auto previous_term = event.previous_term;
  if (index.value != state.edge.value + state.log.size() + 1) {
    violated(fmt::format("trace: {} appends {} behind {}", name_of(node), index.value,
                         state.edge.value + state.log.size()));
  }
  for (const auto& entry : event.entries) {
    state.log.push_back(entry);
    const Known known{entry, previous_term};
    const auto [at, is_new] = entries_.emplace(std::pair(index, entry.term), known);
    if (!is_new && (at->second.entry != entry || at->second.previous_term != previous_term)) {
      violated(fmt::format("log matching: {} holds another entry {} of term {}, or before it",
                           name_of(node), index.value, entry.term.value));
    }
    previous_term = entry.term;
    index = index.next();
  }
}

void Safety::on(NodeId node, Term term, const trace::Truncated& event) {
  auto& state = nodes_[node];
  if (state.leads) {
    violated(fmt::format("leader append-only: {} truncates from {} in term {}", name_of(node),
                         event.first.value, term.value));
  }
  state.log.resize(event.first.value - state.edge.value - 1);
}

void Safety::on(NodeId node, Term term, const trace::Committed& event) {
  const auto& state = nodes_[node];
  // Backwards over what was not known to be committed, or is committed differently.
  for (auto index = event.last; index > state.edge; index = index.previous()) {
    const auto* entry = entry_of(state, index);
    if (entry == nullptr) {
      violated(fmt::format("trace: {} commits {} without having it", name_of(node), index.value));
      return;
    }
    const auto [at, is_new] = committed_.emplace(index, Committed{*entry, term});
    at->second.term = std::min(at->second.term, term);
    if (!is_new && at->second.entry != *entry) {
      violated(fmt::format("state machine safety: {} commits another entry {} in term {}",
                           name_of(node), index.value, term.value));
    }
    if (!is_new) return;
  }
}

void Safety::on(NodeId node, Term, const trace::Applied& event) {
  auto& state = nodes_[node];
  if (event.first != state.applied.next()) {
    violated(fmt::format("state machine safety: {} applies {} after {}", name_of(node),
                         event.first.value, state.applied.value));
  }
  auto index = event.first;
  for (const auto& entry : event.entries) {
    const auto [at, is_new] = applied_.emplace(index, entry);
    if (!is_new && at->second != entry) {
      violated(fmt::format("state machine safety: {} applies another entry {}", name_of(node),
                           index.value));
    }
    state.applied = index;
    index = index.next();
  }
}

void Safety::on(NodeId node, Term, const trace::SnapshotTaken& event) {
  auto& state = nodes_[node];
  if (event.last > state.applied) {
    violated(fmt::format("trace: {} has a snapshot at {}, applied {}", name_of(node),
                         event.last.value, state.applied.value));
  }
  if (event.last <= state.edge) return;
  const auto forgotten = static_cast<std::ptrdiff_t>(event.last.value - state.edge.value);
  state.log.erase(state.log.begin(), state.log.begin() + forgotten);
  state.edge = event.last;
}

void Safety::on(NodeId node, Term, const trace::SnapshotInstalled& event) {
  auto& state = nodes_[node];
  if (event.last < state.applied) {
    violated(fmt::format("state machine safety: {} goes back from {} to a snapshot at {}",
                         name_of(node), state.applied.value, event.last.value));
  }
  const auto end = state.edge.value + state.log.size();
  const auto keeps = event.kept_suffix && event.last.value <= end;
  const auto forgotten = static_cast<std::ptrdiff_t>(event.last.value - state.edge.value);
  state.log.erase(state.log.begin(), keeps ? state.log.begin() + forgotten : state.log.end());
  state.edge = event.last;
  state.applied = event.last;
}

}  // namespace sunder::simulator
