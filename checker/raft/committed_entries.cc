#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "checker/raft/property.h"

namespace sunder::checker::raft {

namespace {

class CommittedEntries final : public Property {
 public:
  CommittedEntries() : Property("committed entries") {}

  void observe(const trace::Record& record, const NodeState& state) override {
    const Sighting here{record.time, record.node, record.term};
    if (const auto* started = std::get_if<trace::Started>(&record.event)) {
      nodes_[record.node] = {started->edge, here, started->edge};
    } else if (const auto* installed = std::get_if<trace::SnapshotInstalled>(&record.event)) {
      install(here, *installed, state);
    } else if (const auto* committed = std::get_if<trace::Committed>(&record.event)) {
      commit(here, committed->last, state);
    } else if (const auto* applied = std::get_if<trace::Applied>(&record.event)) {
      apply(here, *applied, state);
    } else if (const auto* truncated = std::get_if<trace::Truncated>(&record.event)) {
      remove(here, truncated->first);
    } else if (const auto* appended = std::get_if<trace::Appended>(&record.event)) {
      if (appended->first <= state.log().last()) remove(here, appended->first);
    } else if (const auto* taken = std::get_if<trace::SnapshotTaken>(&record.event)) {
      const auto& node = nodes_[record.node];
      if (taken->last <= node.applied) return;
      complain(fmt::format("{} took a snapshot up to entry {}, but had applied only up to {}",
                           name_of(record.node), taken->last.value, node.applied.value),
               here, taken->last, "took a snapshot");
    }
  }

  /// A follower learns from a leader what is committed.
  void finish(const Gaps& gaps) override {
    if (!gaps.is_whole(Witness::traces)) return;
    std::sort(by_leaders_.begin(), by_leaders_.end(), [](const Commit& left, const Commit& right) {
      return left.sighting.time < right.sighting.time;
    });
    // How far leaders had committed at each of their commits.
    Index furthest;
    for (auto& commit : by_leaders_) {
      furthest = std::max(furthest, commit.last);
      commit.last = furthest;
    }
    for (const auto& commit : by_followers_) {
      const auto later =
          std::upper_bound(by_leaders_.begin(), by_leaders_.end(), commit.sighting.time,
                           [](history::Time time, const Commit& by_leader) {
                             return time < by_leader.sighting.time;
                           });
      const auto said = later == by_leaders_.begin() ? Index{} : std::prev(later)->last;
      if (commit.last <= said) continue;
      complain(
          fmt::format("{} took entry {} for committed, but leaders had committed only up to {}",
                      name_of(commit.sighting.node), commit.last.value, said.value),
          commit.sighting, commit.last, "committed");
    }
  }

  std::string looked_at() const override {
    return fmt::format(
        "nodes held each of {} committed entries, never removed one, and applied none before",
        committed_.size());
  }

 private:
  struct Node {
    Index committed;
    /// Where it said so.
    Sighting sighting;
    Index applied;
  };
  struct Commit {
    Sighting sighting;
    Index last;
  };
  struct Entry {
    trace::EntryDigest entry;
    Sighting sighting;
  };

  void complain(std::string sentence, const Sighting& here, Index index, const std::string& what) {
    const auto& node = nodes_[here.node];
    violate(std::move(sentence),
            evidence(node.sighting, node.committed,
                     fmt::format("its commit index is {}", node.committed.value)),
            evidence(here, index, what));
  }

  void commit(const Sighting& here, Index last, const NodeState& state) {
    auto& node = nodes_[here.node];
    const auto end = state.log().last();
    if (last > end) {
      complain(fmt::format("{} took entry {} for committed, but its log ends at {}",
                           name_of(here.node), last.value, end.value),
               here, last, "committed");
    }
    const auto until = std::min(last, end);
    for (Index index = node.committed.next(); index <= until; index = index.next()) {
      if (const auto entry = state.log().entry(index)) agree(here, index, *entry);
    }
    (state.role() == Role::leader ? by_leaders_ : by_followers_).push_back({here, last});
    if (last > node.committed) node = {last, here, node.applied};
  }

  void agree(const Sighting& here, Index index, const trace::EntryDigest& entry) {
    const auto [at, is_first] = committed_.try_emplace(index.value, Entry{entry, here});
    const auto& before = at->second;
    if (is_first || before.entry == entry) return;
    const auto words = [](const trace::EntryDigest& each) {
      return fmt::format("committed an entry of term {} with digest {:016x}", each.term.value,
                         each.digest);
    };
    violate(fmt::format("{} and {} committed different entries at index {}",
                        name_of(before.sighting.node), name_of(here.node), index.value),
            evidence(before.sighting, index, words(before.entry)),
            evidence(here, index, words(entry)));
  }

  void apply(const Sighting& here, const trace::Applied& applied, const NodeState& state) {
    auto& node = nodes_[here.node];
    const Index last{applied.first.previous().value + applied.entries.size()};
    if (last > node.committed) {
      complain(fmt::format("{} applied entry {} before it was committed", name_of(here.node),
                           std::max(node.committed.next(), applied.first).value),
               here, last, fmt::format("applied up to {}", last.value));
    }
    Index index = applied.first;
    for (const auto& entry : applied.entries) {
      const auto held = state.log().entry(index);
      if (held && *held != entry) {
        complain(fmt::format("{} applied an entry at index {} that is not the one of its log",
                             name_of(here.node), index.value),
                 here, index, fmt::format("applied digest {:016x}", entry.digest));
        break;
      }
      index = index.next();
    }
    node.applied = std::max(node.applied, last);
  }

  void remove(const Sighting& here, Index first) {
    const auto& node = nodes_[here.node];
    if (first > node.committed) return;
    complain(fmt::format("{} removed entry {} from its log, which it had taken for committed",
                         name_of(here.node), first.value),
             here, first, fmt::format("removed the entries from {} on", first.value));
  }

  void install(const Sighting& here, const trace::SnapshotInstalled& installed,
               const NodeState& state) {
    auto& node = nodes_[here.node];
    const auto end =
        installed.kept_suffix ? std::max(installed.last, state.log().last()) : installed.last;
    if (end < node.committed) remove(here, end.next());
    node = {std::max(installed.last, node.committed), here, installed.last};
  }

  std::map<NodeId, Node> nodes_;
  /// By index.
  std::unordered_map<std::uint64_t, Entry> committed_;
  std::vector<Commit> by_leaders_;
  std::vector<Commit> by_followers_;
};

}  // namespace

std::unique_ptr<Property> make_committed_entries() {
  return std::make_unique<CommittedEntries>();
}

}  // namespace sunder::checker::raft
