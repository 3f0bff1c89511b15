#include "checker/raft/node_state.h"

#include <algorithm>

#include <fmt/format.h>

namespace sunder::checker::raft {

std::optional<trace::EntryDigest> Log::entry(Index index) const {
  if (index <= edge_ || index > last()) return std::nullopt;
  return entries_[index.value - edge_.value - 1];
}

std::optional<Term> Log::term(Index index) const {
  if (index == edge_) return edge_term_;
  const auto found = entry(index);
  return found ? std::optional(found->term) : std::nullopt;
}

std::vector<TermRun> Log::term_runs(Index last) const {
  std::vector<TermRun> runs = {{edge_, edge_term_}};
  const auto count = std::min<std::uint64_t>(
      entries_.size(), last.value < edge_.value ? 0 : last.value - edge_.value);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (entries_[i].term != runs.back().term) {
      runs.push_back({{edge_.value + i + 1}, entries_[i].term});
    }
  }
  return runs;
}

void Log::truncate(Index first) {
  if (first > last()) return;
  entries_.resize(first <= edge_ ? 0 : first.value - edge_.value - 1);
}

void Log::append(const std::vector<trace::EntryDigest>& entries) {
  entries_.insert(entries_.end(), entries.begin(), entries.end());
}

bool Voters::have_majority(const std::function<bool(NodeId)>& agrees) const {
  const auto is_majority_of = [&agrees](const std::vector<NodeId>& nodes) {
    const auto agreeing = std::count_if(nodes.begin(), nodes.end(), agrees);
    return static_cast<std::size_t>(agreeing) > nodes.size() / 2;
  };
  return is_majority_of(voters) && (outgoing.empty() || is_majority_of(outgoing));
}

bool is_newcomer(NodeId node, const trace::Configuration& configuration) {
  const auto& voters = configuration.voters;
  return std::find(voters.begin(), voters.end(), node) == voters.end();
}

void NodeState::observe(const trace::Record& record) {
  if (!has_started_ && !std::holds_alternative<trace::Started>(record.event) &&
      complaint_.empty()) {
    complaint_ = fmt::format("the trace of {} does not begin with started", name_of(record.node));
  }
  const bool had_complaint = !complaint_.empty();
  std::visit([this](const auto& event) { observe(event); }, record.event);
  if (!had_complaint && !complaint_.empty()) {
    complaint_ = fmt::format("the trace of {} is inconsistent at {} ns: {}", name_of(record.node),
                             record.time.count(), complaint_);
  }
}

void NodeState::observe(const trace::Started& event) {
  has_started_ = true;
  role_ = Role::follower;
  log_ = Log(event.edge, event.edge_term, event.entries);
}

void NodeState::observe(const trace::Appended& event) {
  if (event.first > log_.last().next() && complaint_.empty()) {
    complaint_ = fmt::format("it appends entries from {} on, but its log ends at {}",
                             event.first.value, log_.last().value);
  }
  log_.truncate(event.first);
  log_.append(event.entries);
}

void NodeState::observe(const trace::Truncated& event) {
  log_.truncate(event.first);
}

void NodeState::observe(const trace::SnapshotInstalled& event) {
  std::vector<trace::EntryDigest> suffix;
  if (event.kept_suffix) {
    for (Index index = event.last.next(); index <= log_.last(); index = index.next()) {
      if (const auto entry = log_.entry(index)) suffix.push_back(*entry);
    }
  }
  log_ = Log(event.last, event.last_term, std::move(suffix));
}

}  // namespace sunder::checker::raft
