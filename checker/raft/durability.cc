#include <fmt/format.h>

#include "checker/raft/properties.h"

namespace sunder::checker::raft {

void Durability::observe(const trace::Record& record, const Replica&) {
  const Sighting here{record.time, record.node, record.term};
  if (const auto* found = std::get_if<trace::OnDisk>(&record.event)) {
    is_judged_ = true;
    disks_[record.node] = {here, found->voted_for,
                           Log(found->edge, found->edge_term, found->entries)};
  } else if (const auto* damage = std::get_if<trace::DiskDamaged>(&record.event)) {
    is_judged_ = true;
    disks_.erase(record.node);
    violate(fmt::format("the disk of {} cannot be read: {}", name_of(record.node), damage->how),
            evidence(here, {}, damage->how), evidence(here, {}, "the node has ended"));
  } else if (!std::holds_alternative<trace::Sent>(record.event)) {
    note(record);
  }
}

void Durability::note(const trace::Record& record) {
  const Sighting here{record.time, record.node, record.term};
  if (std::holds_alternative<trace::Started>(record.event)) {
    promises_[record.node] = {};
    return;
  }
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

void Durability::finish(bool) {
  for (const auto& [node, promises] : promises_) {
    const auto disk = disks_.find(node);
    if (disk == disks_.end()) {
      doubt(fmt::format("nobody looked at the disk of {}", name_of(node)));
      continue;
    }
    check_vote(disk->second, promises);
    check_entries(disk->second, promises);
  }
}

void Durability::check_vote(const Disk& disk, const Promises& promises) {
  if (!promises.candidate || disk.sighting.term > promises.voted.term) return;
  const bool is_kept =
      disk.sighting.term == promises.voted.term && disk.voted_for == promises.candidate;
  if (is_kept) return;
  const auto found =
      disk.voted_for ? fmt::format("a vote for {}", name_of(*disk.voted_for)) : "no vote";
  violate(fmt::format("{} voted for {} in term {}, but its disk holds {} of term {}",
                      name_of(disk.sighting.node), name_of(*promises.candidate),
                      promises.voted.term.value, found, disk.sighting.term.value),
          evidence(promises.voted, {}, fmt::format("voted for {}", name_of(*promises.candidate))),
          evidence(disk.sighting, {}, fmt::format("holds {}", found)));
}

void Durability::check_entries(const Disk& disk, const Promises& promises) {
  const auto last = promises.last_applied;
  if (disk.log.last() < last) {
    violate(fmt::format("{} applied entry {}, but its disk ends at {}", name_of(disk.sighting.node),
                        last.value, disk.log.last().value),
            evidence(promises.sighting, last, fmt::format("applied entry {}", last.value)),
            evidence(disk.sighting, disk.log.last(), "ends"));
  }
  Index index = promises.first_applied;
  for (const auto& applied : promises.applied) {
    const auto stored = disk.log.entry(index);
    if (stored) ++compared_;
    if (stored && *stored != applied) {
      const auto words = [](const trace::EntryDigest& each) {
        return fmt::format("an entry of term {} with digest {:016x}", each.term.value, each.digest);
      };
      violate(fmt::format("{} applied one entry {}, but its disk holds another",
                          name_of(disk.sighting.node), index.value),
              evidence(promises.sighting, index, "applied " + words(applied)),
              evidence(disk.sighting, index, "holds " + words(*stored)));
      return;
    }
    index = index.next();
  }
}

std::string Durability::looked_at() const {
  return fmt::format("{} disks hold what their nodes applied and voted, {} entries were compared",
                     disks_.size(), compared_);
}

}  // namespace sunder::checker::raft
