#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "checker/raft/property.h"

namespace sunder::checker::raft {

namespace {

class SnapshotAgreement final : public Property {
 public:
  SnapshotAgreement() : Property("snapshots") {}

  void observe(const trace::Record& record, const NodeState&) override {
    const Sighting here{record.time, record.node, record.term};
    if (const auto* taken = std::get_if<trace::SnapshotTaken>(&record.event)) {
      ++seen_;
      see({here, taken->last_term, taken->digest, "took a snapshot"}, taken->last);
    } else if (const auto* installed = std::get_if<trace::SnapshotInstalled>(&record.event)) {
      ++seen_;
      see({here, installed->last_term, installed->digest, "installed a snapshot"}, installed->last);
    } else if (const auto* started = std::get_if<trace::Started>(&record.event)) {
      see_edge(here, started->edge, started->edge_term, "restarted from a snapshot");
    } else if (const auto* disk = std::get_if<trace::OnDisk>(&record.event)) {
      see_edge(here, disk->edge, disk->edge_term, "has a snapshot on its disk");
    }
  }

  std::string looked_at() const override {
    return fmt::format(
        "{} snapshots were taken or installed; those up to the same entry were equal", seen_);
  }

 private:
  struct Snapshot {
    Sighting sighting;
    Term last_term;
    /// Absent where only the last entry is known.
    std::optional<trace::Digest> digest;
    std::string how;
  };

  void see_edge(const Sighting& sighting, Index edge, Term term, const char* how) {
    if (edge != Index{}) see({sighting, term, std::nullopt, how}, edge);
  }

  void see(const Snapshot& snapshot, Index last) {
    auto& known = snapshots_[last];
    for (const auto& before : known) {
      const bool differs = before.last_term != snapshot.last_term ||
                           (before.digest && snapshot.digest && before.digest != snapshot.digest);
      if (!differs) continue;
      violate(
          fmt::format("{} and {} have different snapshots up to entry {}",
                      name_of(before.sighting.node), name_of(snapshot.sighting.node), last.value),
          evidence(before.sighting, last, words_of(before)),
          evidence(snapshot.sighting, last, words_of(snapshot)));
      return;
    }
    // One of each is enough to find what differs from it.
    const auto has_digest = [](const Snapshot& each) { return each.digest.has_value(); };
    const bool is_known =
        snapshot.digest ? std::any_of(known.begin(), known.end(), has_digest) : !known.empty();
    if (!is_known) known.push_back(snapshot);
  }

  static std::string words_of(const Snapshot& snapshot) {
    const auto term =
        fmt::format("{}; its last entry is of term {}", snapshot.how, snapshot.last_term.value);
    return snapshot.digest ? fmt::format("{}, its digest is {:016x}", term, *snapshot.digest)
                           : term;
  }

  std::map<Index, std::vector<Snapshot>> snapshots_;
  std::size_t seen_ = 0;
};

}  // namespace

std::unique_ptr<Property> make_snapshot_agreement() {
  return std::make_unique<SnapshotAgreement>();
}

}  // namespace sunder::checker::raft
