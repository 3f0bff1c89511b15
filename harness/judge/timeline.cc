#include "harness/judge/timeline.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nemesis/schedule/fault_kind.h"

namespace sunder::harness {

namespace {

using results::Role;

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

// As StatusWatch writes it.
Role role_named(std::string_view name) {
  if (name == "leader") return Role::leader;
  return name == "candidate" ? Role::candidate : Role::follower;
}

bool ends_processes(const history::RunEvent& event) {
  if (std::holds_alternative<history::FaultInjected>(event)) {
    const auto action = nemesis::recorded_action(history::fields_of(event));
    return action && action->kind().ends_processes(*action);
  }
  return std::holds_alternative<history::Crash>(event) ||
         std::holds_alternative<history::Stopped>(event);
}

std::string names_of(const std::vector<NodeId>& nodes) {
  std::vector<std::string> names;
  for (const auto node : nodes) names.push_back(sunder::name_of(node));
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::vector<history::Time> deaths_of(const std::string& node,
                                     std::span<const history::RunRecord> records) {
  std::vector<history::Time> times;
  for (const auto& [time, event] : records) {
    if (!ends_processes(event)) continue;
    const auto nodes = history::nodes_of(event);
    if (std::find(nodes.begin(), nodes.end(), node) != nodes.end()) times.push_back(time);
  }
  return times;
}

NodeTimelineBuilder::NodeTimelineBuilder(std::string node,
                                         std::span<const history::RunRecord> records)
    : deaths_(deaths_of(node, records)) {
  timeline_.node = std::move(node);
}

void NodeTimelineBuilder::add(const trace::Record& record) {
  die_before(record.time);
  const auto enter_role = [&](Role role) { enter(record.time, role, record.term.value); };
  std::visit(
      Overloaded{
          [&](const trace::Started& started) {
            if (open_ && open_->role != Role::down) enter(last_heard_, Role::down, open_->term);
            enter_role(Role::follower);
            mark(record, fmt::format("started with a log up to {}",
                                     started.edge.value + started.entries.size()));
          },
          [&](const trace::BecameFollower& follower) {
            enter_role(Role::follower);
            if (follower.leader) mark_about(record, *follower.leader, "follows");
          },
          [&](const trace::BecameCandidate&) {
            enter_role(Role::candidate);
            mark(record, "asked for votes");
          },
          [&](const trace::BecameLeader& leader) {
            enter_role(Role::leader);
            mark(record, fmt::format("became leader with a log up to {}", leader.last.value));
          },
          [&](const trace::VoteGranted& vote) { mark_about(record, vote.candidate, "voted for"); },
          [&](const trace::Truncated& truncated) {
            mark(record, fmt::format("removed its log from {} on", truncated.first.value));
          },
          [&](const trace::Committed& committed) {
            timeline_.commits.push_back({record.time, committed.last.value});
          },
          [&](const trace::SnapshotTaken& taken) {
            mark(record, fmt::format("took a snapshot up to {}", taken.last.value));
          },
          [&](const trace::SnapshotInstalled& installed) {
            mark(record, fmt::format("installed a snapshot up to {}", installed.last.value));
          },
          [&](const trace::Configuration& configuration) {
            mark(record, "voters are " + names_of(configuration.voters));
          },
          [&](const trace::MutantReached& reached) {
            mark(record, fmt::format("made the mistake {}", reached.mutant));
          },
          [](const trace::Appended&) {},
          [](const trace::Applied&) {},
          [](const trace::Sent&) {},
          [](const trace::Acknowledged&) {},
          [](const trace::ElectionTimeout&) {},
          [](const trace::State&) {},
          [](const trace::OnDisk&) {},
          [](const trace::DiskDamaged&) {},
      },
      record.event);
  last_heard_ = record.time;
}

void NodeTimelineBuilder::add(const checker::raft::AskedRole& said) {
  die_before(said.time);
  enter(said.time, role_named(said.role), said.term);
}

results::NodeTimeline NodeTimelineBuilder::finish(history::Time end) {
  die_before(end);
  close(end);
  return std::move(timeline_);
}

void NodeTimelineBuilder::enter(history::Time time, Role role, std::uint64_t term) {
  if (open_ && open_->role == role && open_->term == term) return;
  close(time);
  open_ = results::RoleSpan{time, time, role, term};
}

void NodeTimelineBuilder::close(history::Time time) {
  if (!open_) return;
  open_->until = time;
  timeline_.roles.push_back(*open_);
  open_.reset();
}

void NodeTimelineBuilder::mark(const trace::Record& record, std::string text) {
  timeline_.marks.push_back({record.time, std::string(trace::name_of(record.event)),
                             record.term.value, std::move(text), ""});
}

void NodeTimelineBuilder::mark_about(const trace::Record& record, NodeId peer,
                                     std::string_view what) {
  const auto name = sunder::name_of(peer);
  mark(record, fmt::format("{} {}", what, name));
  if (peer != record.node) timeline_.marks.back().peer = name;
}

void NodeTimelineBuilder::die_before(history::Time time) {
  for (; next_death_ < deaths_.size() && deaths_[next_death_] < time; ++next_death_) {
    if (open_) enter(deaths_[next_death_], Role::down, open_->term);
  }
}

}  // namespace sunder::harness
