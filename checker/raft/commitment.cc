#include <algorithm>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/raft/property.h"

namespace sunder::checker::raft {

namespace {

class Commitment final : public Property {
 public:
  Commitment() : Property("commitment") {}

  void observe(const trace::Record& record, const NodeState& state) override {
    if (const auto* started = std::get_if<trace::Started>(&record.event)) {
      furthest_.erase(record.node);
      hold_snapshot(record, started->edge);
      hold(record, started->edge.next(), started->entries);
    } else if (const auto* appended = std::get_if<trace::Appended>(&record.event)) {
      hold(record, appended->first, appended->entries);
    } else if (const auto* installed = std::get_if<trace::SnapshotInstalled>(&record.event)) {
      hold_snapshot(record, installed->last);
    } else if (std::holds_alternative<trace::BecameLeader>(record.event)) {
      elected_[record.node] = {record.time, record.node, record.term};
    } else if (const auto* committed = std::get_if<trace::Committed>(&record.event)) {
      commit(record, *committed, state);
    }
  }

  void finish(const Gaps& gaps) override {
    if (!gaps.is_whole(Witness::traces)) return;
    for (const auto& commit : commits_) {
      const auto name = name_of(commit.sighting.node);
      if (!commit.voters.are_known()) {
        doubt(fmt::format("the trace of {} does not say who the voters of term {} were", name,
                          commit.sighting.term.value));
        continue;
      }
      std::vector<std::string> holders;
      const bool is_safe = commit.voters.have_majority([&](NodeId voter) {
        if (!held(voter, commit)) return false;
        holders.push_back(name_of(voter));
        return true;
      });
      if (is_safe) continue;
      violate(
          fmt::format(
              "{}, leader of term {}, committed entry {} before a majority held it: only {} did",
              name, commit.sighting.term.value, commit.index.value,
              holders.empty() ? "no voter" : fmt::format("{}", fmt::join(holders, ", "))),
          evidence(elected_[commit.sighting.node], {}, "became leader"),
          evidence(commit.sighting, commit.index,
                   fmt::format("committed; {} of {} voters held it", holders.size(),
                               commit.voters.voters.size())));
    }
  }

  std::string looked_at() const override {
    return fmt::format(
        "leaders committed {} times, always entries of their own term that a majority held",
        commits_.size());
  }

 private:
  struct Commit {
    Sighting sighting;
    Index index;
    Term entry_term;
    Voters voters;
  };
  struct Edge {
    history::Time time{0};
    Index index;
  };

  void commit(const trace::Record& record, const trace::Committed& event, const NodeState& state) {
    const Sighting here{record.time, record.node, record.term};
    const auto [at, is_first] = furthest_.try_emplace(record.node, std::pair(here, event.last));
    if (!is_first && event.last < at->second.second) {
      violate(fmt::format("the commit index of {} went back from {} to {}", name_of(record.node),
                          at->second.second.value, event.last.value),
              evidence(at->second.first, at->second.second, "committed"),
              evidence(here, event.last, "committed"));
    }
    at->second = {here, event.last};
    if (state.role() != Role::leader) return;
    const auto entry_term = state.log().term(event.last);
    if (!entry_term) return;
    if (*entry_term != record.term) {
      violate(
          fmt::format("{}, leader of term {}, committed entry {} of term {} by counting: the next "
                      "leader may still overwrite it",
                      name_of(record.node), record.term.value, event.last.value, entry_term->value),
          evidence(elected_[record.node], {}, "became leader"),
          evidence(here, event.last,
                   fmt::format("committed an entry of term {}", entry_term->value)));
    }
    commits_.push_back({here, event.last, *entry_term, state.voters()});
  }

  void hold(const trace::Record& record, Index first,
            const std::vector<trace::EntryDigest>& entries) {
    auto& since = held_since_[record.node];
    for (const auto& entry : entries) {
      since.try_emplace(EntryKey{first, entry.term}, record.time);
      first = first.next();
    }
  }

  void hold_snapshot(const trace::Record& record, Index edge) {
    auto& edges = edges_[record.node];
    if (edges.empty() || edge > edges.back().index) edges.push_back({record.time, edge});
  }

  /// By log matching a node that holds the last entry holds all before it. Snapshots cover only
  /// committed entries.
  bool held(NodeId node, const Commit& commit) const {
    if (const auto log = held_since_.find(node); log != held_since_.end()) {
      const auto entry = log->second.find({commit.index, commit.entry_term});
      if (entry != log->second.end() && entry->second <= commit.sighting.time) return true;
    }
    const auto edges = edges_.find(node);
    if (edges == edges_.end()) return false;
    const auto reaching =
        std::lower_bound(edges->second.begin(), edges->second.end(), commit.index,
                         [](const Edge& edge, Index index) { return edge.index < index; });
    return reaching != edges->second.end() && reaching->time <= commit.sighting.time;
  }

  /// The leaders' commits.
  std::vector<Commit> commits_;
  std::map<NodeId, Sighting> elected_;
  std::map<NodeId, std::pair<Sighting, Index>> furthest_;
  /// When each node first had each entry, and the last entries of its snapshots.
  std::map<NodeId, std::unordered_map<EntryKey, history::Time, EntryKeyHash>> held_since_;
  std::map<NodeId, std::vector<Edge>> edges_;
};

}  // namespace

std::unique_ptr<Property> make_commitment() {
  return std::make_unique<Commitment>();
}

}  // namespace sunder::checker::raft
