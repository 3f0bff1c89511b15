#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "checker/raft/property.h"

namespace sunder::checker::raft {

namespace {

class Durability final : public Property {
 public:
  Durability() : Property("durability", {Witness::disks}) {}

  void observe(const trace::Record& record, const NodeState&) override {
    const Sighting here{record.time, record.node, record.term};
    if (const auto* found = std::get_if<trace::OnDisk>(&record.event)) {
      has_witness_ = true;
      disks_[record.node] = {here, found->voted_for,
                             Log(found->edge, found->edge_term, found->entries), "its disk holds"};
    } else if (const auto* damage = std::get_if<trace::DiskDamaged>(&record.event)) {
      has_witness_ = true;
      disks_.erase(record.node);
      violate(fmt::format("the disk of {} cannot be read: {}", name_of(record.node), damage->how),
              evidence(here, {}, damage->how), evidence(here, {}, "the node has ended"));
    } else if (const auto* started = std::get_if<trace::Started>(&record.event)) {
      start({here, started->voted_for, Log(started->edge, started->edge_term, started->entries),
             "it restarted with"});
    } else if (const auto* configuration = std::get_if<trace::Configuration>(&record.event)) {
      decide_about_empty_disk(record.node, *configuration);
    } else if (!trace::is_of_a_witness(record.event)) {
      note(record);
    }
  }

  void finish(const Gaps&) override {
    if (!has_witness_) return;
    for (const auto& [node, promises] : promises_) {
      const auto disk = disks_.find(node);
      if (disk == disks_.end()) {
        doubt(fmt::format("the disk of {} was not inspected", name_of(node)));
        continue;
      }
      check(disk->second, promises);
    }
  }

  std::string looked_at() const override {
    auto text =
        fmt::format("{} restarts lost no vote and no applied entry ({} entries were compared)",
                    restarts_, compared_);
    if (has_witness_)
      text +=
          fmt::format("; neither did {} disks that were inspected after the run", disks_.size());
    return text;
  }

 private:
  /// The contents of a node's folder, and their source as words of a sentence.
  struct Disk {
    Sighting sighting;
    std::optional<NodeId> voted_for;
    Log log;
    std::string how;
  };
  /// The vote and the applied entries of a node since its last start.
  struct Promises {
    std::optional<NodeId> candidate;
    Sighting voted;
    /// The entries that it applied itself since the start, and the index of the first.
    Index first_applied;
    std::vector<trace::EntryDigest> applied;
    Index last_applied;
    Sighting sighting;
  };

  void note(const trace::Record& record) {
    const Sighting here{record.time, record.node, record.term};
    auto& promises = promises_[record.node];
    if (const auto* vote = std::get_if<trace::VoteGranted>(&record.event)) {
      promises.candidate = vote->candidate;
      promises.voted = here;
    } else if (const auto* applied = std::get_if<trace::Applied>(&record.event)) {
      if (promises.applied.empty() || applied->first != promises.last_applied.next()) {
        promises.first_applied = applied->first;
        promises.applied.clear();
      }
      promises.applied.insert(promises.applied.end(), applied->entries.begin(),
                              applied->entries.end());
      promises.last_applied = {applied->first.value + applied->entries.size() - 1};
      promises.sighting = here;
    }
  }

  void start(const Disk& disk) {
    const bool is_empty = disk.sighting.term == Term{} && disk.log.last() == Index{};
    auto& promises = promises_[disk.sighting.node];
    emptied_.erase(disk.sighting.node);
    if (is_empty) {
      emptied_[disk.sighting.node] = {disk, std::move(promises)};
    } else {
      ++restarts_;
      check(disk, promises);
    }
    promises = {};
  }

  void decide_about_empty_disk(NodeId node, const trace::Configuration& configuration) {
    const auto found = emptied_.extract(node);
    if (found.empty() || is_newcomer(node, configuration)) return;
    const auto& [disk, promises] = found.mapped();
    check(disk, promises);
  }

  void check(const Disk& disk, const Promises& promises) {
    check_vote(disk, promises);
    check_entries(disk, promises);
  }

  void check_vote(const Disk& disk, const Promises& promises) {
    if (!promises.candidate || disk.sighting.term > promises.voted.term) return;
    const bool is_kept =
        disk.sighting.term == promises.voted.term && disk.voted_for == promises.candidate;
    if (is_kept) return;
    const auto found =
        disk.voted_for ? fmt::format("a vote for {}", name_of(*disk.voted_for)) : "no vote";
    violate(fmt::format("{} voted for {} in term {}, but {} {} of term {}",
                        name_of(disk.sighting.node), name_of(*promises.candidate),
                        promises.voted.term.value, disk.how, found, disk.sighting.term.value),
            evidence(promises.voted, {}, fmt::format("voted for {}", name_of(*promises.candidate))),
            evidence(disk.sighting, {}, fmt::format("{} {}", disk.how, found)));
  }

  void check_entries(const Disk& disk, const Promises& promises) {
    const auto last = promises.last_applied;
    if (disk.log.last() < last) {
      const auto end = fmt::format("{} a log up to {}", disk.how, disk.log.last().value);
      violate(
          fmt::format("{} applied entry {}, but {}", name_of(disk.sighting.node), last.value, end),
          evidence(promises.sighting, last, fmt::format("applied entry {}", last.value)),
          evidence(disk.sighting, disk.log.last(), end));
    }
    Index index = promises.first_applied;
    for (const auto& applied : promises.applied) {
      const auto stored = disk.log.entry(index);
      if (stored) ++compared_;
      if (stored && *stored != applied) {
        const auto words = [](const trace::EntryDigest& each) {
          return fmt::format("an entry of term {} with digest {:016x}", each.term.value,
                             each.digest);
        };
        violate(fmt::format("{} applied entry {}, but {} a different one",
                            name_of(disk.sighting.node), index.value, disk.how),
                evidence(promises.sighting, index, "applied " + words(applied)),
                evidence(disk.sighting, index, fmt::format("{} {}", disk.how, words(*stored))));
        return;
      }
      index = index.next();
    }
  }

  /// Disks were inspected after the run.
  bool has_witness_ = false;
  std::map<NodeId, Disk> disks_;
  std::map<NodeId, Promises> promises_;
  /// Nodes that started with an empty disk, until the trace says with what configuration.
  std::map<NodeId, std::pair<Disk, Promises>> emptied_;
  std::size_t restarts_ = 0;
  std::size_t compared_ = 0;
};

}  // namespace

std::unique_ptr<Property> make_durability() {
  return std::make_unique<Durability>();
}

}  // namespace sunder::checker::raft
