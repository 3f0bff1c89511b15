#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
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

  void finish(const Gaps&) override {
    for (auto& [last, snapshots] : snapshots_) {
      std::stable_sort(snapshots.begin(), snapshots.end(), is_earlier);
      for (auto each = snapshots.begin(); each != snapshots.end(); ++each) {
        const auto other = std::find_if(
            snapshots.begin(), each, [&](const Snapshot& before) { return differ(before, *each); });
        if (other != each) report(*other, *each, last);
      }
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
    const auto same = std::find_if(known.begin(), known.end(), [&](const Snapshot& each) {
      return each.sighting.node == snapshot.sighting.node && each.digest == snapshot.digest &&
             each.last_term == snapshot.last_term;
    });
    if (same == known.end()) {
      known.push_back(snapshot);
    } else if (snapshot.sighting.time < same->sighting.time) {
      *same = snapshot;
    }
  }

  static bool is_earlier(const Snapshot& left, const Snapshot& right) {
    return std::tie(left.sighting.time, left.sighting.node) <
           std::tie(right.sighting.time, right.sighting.node);
  }

  static bool differ(const Snapshot& left, const Snapshot& right) {
    return left.last_term != right.last_term ||
           (left.digest && right.digest && left.digest != right.digest);
  }

  void report(const Snapshot& first, const Snapshot& other, Index last) {
    const auto one = name_of(first.sighting.node);
    const auto two = name_of(other.sighting.node);
    violate(one == two
                ? fmt::format("{} had two different snapshots up to entry {}", one, last.value)
                : fmt::format("{} and {} have different snapshots up to entry {}", one, two,
                              last.value),
            evidence(first.sighting, last, words_of(first)),
            evidence(other.sighting, last, words_of(other)));
  }

  static std::string words_of(const Snapshot& snapshot) {
    const auto term =
        fmt::format("{}; its last entry is of term {}", snapshot.how, snapshot.last_term.value);
    return snapshot.digest ? fmt::format("{}, its digest is {:016x}", term, *snapshot.digest)
                           : term;
  }

  /// Of each node, term and digest the first.
  std::map<Index, std::vector<Snapshot>> snapshots_;
  std::size_t seen_ = 0;
};

}  // namespace

std::unique_ptr<Property> make_snapshot_agreement() {
  return std::make_unique<SnapshotAgreement>();
}

}  // namespace sunder::checker::raft
