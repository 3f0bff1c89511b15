#include <map>
#include <memory>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "checker/raft/property.h"

namespace sunder::checker::raft {

namespace {

class StateMachineSafety final : public Property {
 public:
  StateMachineSafety() : Property("state machine safety") {}

  void observe(const trace::Record& record, const NodeState&) override {
    const Sighting here{record.time, record.node, record.term};
    if (const auto* started = std::get_if<trace::Started>(&record.event)) {
      progress_[record.node] = {
          started->edge, here,
          fmt::format("started from a snapshot up to {}", started->edge.value)};
    } else if (const auto* applied = std::get_if<trace::Applied>(&record.event)) {
      apply(record, *applied);
    } else if (const auto* installed = std::get_if<trace::SnapshotInstalled>(&record.event)) {
      install(record, *installed);
    }
  }

  std::string looked_at() const override {
    return fmt::format(
        "{} nodes applied entries in order, and the same entry at each of {} indexes",
        progress_.size(), applied_.size());
  }

 private:
  struct Applied {
    trace::EntryDigest entry;
    Sighting sighting;
  };
  /// The last entry that a node's state machine includes, and the event that included it.
  struct Progress {
    Index applied;
    Sighting sighting;
    std::string what;
  };

  void apply(const trace::Record& record, const trace::Applied& event) {
    const Sighting here{record.time, record.node, record.term};
    auto& progress = progress_[record.node];
    if (event.first != progress.applied.next()) {
      const bool again = event.first <= progress.applied;
      violate(fmt::format("{} applied entry {} {}, after {}", name_of(record.node),
                          event.first.value, again ? "again" : "too early", progress.applied.value),
              evidence(progress.sighting, progress.applied, progress.what),
              evidence(here, event.first, fmt::format("applied entry {}", event.first.value)));
    }
    Index index = event.first;
    for (const auto& entry : event.entries) {
      const auto [at, is_new] = applied_.try_emplace(index.value, Applied{entry, here});
      const auto& before = at->second;
      if (!is_new && before.entry != entry) {
        const auto words = [](const trace::EntryDigest& each) {
          return fmt::format("applied an entry of term {} with digest {:016x}", each.term.value,
                             each.digest);
        };
        violate(fmt::format("{} and {} applied different entries at index {}",
                            name_of(before.sighting.node), name_of(record.node), index.value),
                evidence(before.sighting, index, words(before.entry)),
                evidence(here, index, words(entry)));
      }
      progress.applied = index;
      index = index.next();
    }
    if (event.entries.empty()) return;
    progress.sighting = here;
    progress.what = fmt::format("applied entry {}", progress.applied.value);
  }

  void install(const trace::Record& record, const trace::SnapshotInstalled& event) {
    const Sighting here{record.time, record.node, record.term};
    auto& progress = progress_[record.node];
    auto what = fmt::format("installed a snapshot up to {}", event.last.value);
    if (event.last < progress.applied) {
      violate(fmt::format("{} moved its state machine back from {} to {}", name_of(record.node),
                          progress.applied.value, event.last.value),
              evidence(progress.sighting, progress.applied, progress.what),
              evidence(here, event.last, what));
    }
    progress = {event.last, here, std::move(what)};
  }

  std::unordered_map<std::uint64_t, Applied> applied_;
  std::map<NodeId, Progress> progress_;
};

}  // namespace

std::unique_ptr<Property> make_state_machine_safety() {
  return std::make_unique<StateMachineSafety>();
}

}  // namespace sunder::checker::raft
