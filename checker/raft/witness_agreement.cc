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

class WitnessAgreement final : public Property {
 public:
  WitnessAgreement() : Property("witnesses", {Witness::wire, Witness::disks}) {}

  void observe(const trace::Record& record, const NodeState& state) override {
    const Sighting here{record.time, record.node, record.term};
    auto& node = nodes_[record.node];
    if (const auto* started = std::get_if<trace::Started>(&record.event)) {
      // Its own records come in order, so all that it had appended is known.
      Index index = started->edge.next();
      for (const auto& entry : started->entries) {
        check({here, {index, entry.term}, entry.digest, "restarted with"});
        index = index.next();
      }
      node.log_ended_at(here, Index{started->edge.value + started->entries.size()});
    } else if (const auto* appended = std::get_if<trace::Appended>(&record.event)) {
      Index index = appended->first;
      for (const auto& entry : appended->entries) {
        node.held.try_emplace({index, entry.term}, Held{entry.digest, here.time});
        if (state.role() != Role::leader) taken_over_.push_back({here, {index, entry.term}});
        index = index.next();
      }
      node.log_ended_at(here, index.previous());
    } else if (const auto* installed = std::get_if<trace::SnapshotInstalled>(&record.event)) {
      node.log_ended_at(here, installed->last);
    } else if (const auto* sent = std::get_if<trace::Sent>(&record.event)) {
      claim(here, sent->first, sent->entries, "sent");
      Index index = sent->first;
      for (const auto& entry : sent->entries) {
        sent_.try_emplace({index, entry.term}, here.time);
        index = index.next();
      }
    } else if (const auto* disk = std::get_if<trace::OnDisk>(&record.event)) {
      claim(here, disk->edge.next(), disk->entries, "had on its disk");
    } else if (const auto* acknowledged = std::get_if<trace::Acknowledged>(&record.event)) {
      acknowledgements_.push_back({here, acknowledged->last});
      node.acknowledged[record.term].emplace_back(here.time, acknowledged->last);
    } else if (const auto* committed = std::get_if<trace::Committed>(&record.event)) {
      if (state.role() != Role::leader) return;
      commits_.push_back({here, committed->last, state.voters()});
    }
  }

  void finish(const Gaps& gaps) override {
    if (!gaps.is_whole(Witness::traces)) return;
    for (const auto& claim : claims_) check(claim);
    for (const auto& acknowledgement : acknowledgements_) check(acknowledgement);
    if (!gaps.is_whole(Witness::wire) || gaps.wire == Gaps::Wire::unwatched) return;
    for (const auto& entry : taken_over_) expect_sent(entry, gaps.wire);
    // The witness records no acknowledgement of a term behind one of a later term. A late one can
    // count all the same, so this proves only that something is missing.
    // Old runs recorded no acknowledgements.
    if (gaps.wire == Gaps::Wire::sealed || acknowledgements_.empty()) return;
    for (const auto& commit : commits_) expect_acknowledged(commit);
  }

  std::string looked_at() const override {
    return fmt::format(
        "what nodes sent, acknowledged and stored is in their own traces ({} entries, {} "
        "acknowledgements)",
        claims_.size(), acknowledgements_.size());
  }

 private:
  struct Held {
    trace::Digest digest;
    history::Time since;
  };
  struct Node {
    /// Every entry that it ever appended.
    std::unordered_map<EntryKey, Held, EntryKeyHash> held;
    /// The longest logs that it had, by time, each longer than the one before.
    std::vector<std::pair<history::Time, Index>> longest;
    /// What it acknowledged in each term, in order.
    std::map<Term, std::vector<std::pair<history::Time, Index>>> acknowledged;

    void log_ended_at(const Sighting& here, Index end) {
      if (longest.empty() || end > longest.back().second) longest.emplace_back(here.time, end);
    }
  };
  /// Somebody else's word that the node had an entry.
  struct Claim {
    Sighting sighting;
    EntryKey key;
    trace::Digest digest;
    const char* how;
  };
  /// An entry that a node has from another one.
  struct TakenOver {
    Sighting sighting;
    EntryKey key;
  };
  struct Commit {
    Sighting sighting;
    Index last;
    Voters voters;
  };
  struct Acknowledgement {
    Sighting sighting;
    Index last;
  };

  void claim(const Sighting& sighting, Index index, const std::vector<trace::EntryDigest>& entries,
             const char* how) {
    for (const auto& entry : entries) {
      claims_.push_back({sighting, {index, entry.term}, entry.digest, how});
      index = index.next();
    }
  }

  void check(const Claim& claim) {
    const auto& held = nodes_[claim.sighting.node].held;
    const auto found = held.find(claim.key);
    const auto name = name_of(claim.sighting.node);
    if (found != held.end() && found->second.since <= claim.sighting.time &&
        found->second.digest == claim.digest) {
      return;
    }
    const auto what =
        fmt::format("{} an entry at index {} of term {} with digest {:016x}", claim.how,
                    claim.key.index.value, claim.key.term.value, claim.digest);
    violate(fmt::format("{} {}, which it had not appended by its trace", name, what),
            evidence(claim.sighting, claim.key.index, what),
            evidence(claim.sighting, claim.key.index, "has not appended it by its trace"));
  }

  void check(const Acknowledgement& acknowledgement) {
    const auto& [sighting, last] = acknowledgement;
    const auto& longest = nodes_[sighting.node].longest;
    const auto behind =
        std::upper_bound(longest.begin(), longest.end(), sighting.time,
                         [](history::Time time, const auto& each) { return time < each.first; });
    const auto end = behind == longest.begin() ? Index{} : std::prev(behind)->second;
    if (last <= end) return;
    violate(fmt::format("{} acknowledged entry {} in term {}, but by its trace its log had never "
                        "reached beyond {}",
                        name_of(sighting.node), last.value, sighting.term.value, end.value),
            evidence(sighting, last, fmt::format("acknowledged up to {}", last.value)),
            evidence(sighting, end, "has no later entry by its trace"));
  }

  void expect_sent(const TakenOver& entry, Gaps::Wire wire) {
    const auto& [sighting, key] = entry;
    const auto sent = sent_.find(key);
    if (sent != sent_.end() && sent->second <= sighting.time) return;
    const auto sentence = fmt::format(
        "{} appended entry {} of term {} at {:.3f} s, which nobody had sent it as seen on the wire",
        name_of(sighting.node), key.index.value, key.term.value,
        history::seconds_of(sighting.time));
    if (wire != Gaps::Wire::sealed) return doubt("the wire's evidence is not whole: " + sentence);
    violate(sentence, evidence(sighting, key.index, "appended it"),
            evidence(sighting, key.index, "nobody had sent it"));
  }

  void expect_acknowledged(const Commit& commit) {
    const auto& sighting = commit.sighting;
    const auto has_acknowledged = [&](NodeId voter) {
      if (voter == sighting.node) return true;
      const auto& terms = nodes_[voter].acknowledged;
      const auto said = terms.find(sighting.term);
      if (said == terms.end()) return false;
      // They grow, so the first that reaches the entry is the earliest.
      const auto first =
          std::lower_bound(said->second.begin(), said->second.end(), commit.last,
                           [](const auto& each, Index wanted) { return each.second < wanted; });
      return first != said->second.end() && first->first <= sighting.time;
    };
    if (!commit.voters.are_known() || commit.voters.have_majority(has_acknowledged)) return;
    doubt(
        fmt::format("the wire's evidence is not whole: {} committed entry {} at {:.3f} s, which no "
                    "majority had acknowledged to it as seen on the wire",
                    name_of(sighting.node), commit.last.value, history::seconds_of(sighting.time)));
  }

  std::map<NodeId, Node> nodes_;
  std::unordered_map<EntryKey, history::Time, EntryKeyHash> sent_;
  std::vector<TakenOver> taken_over_;
  std::vector<Commit> commits_;
  std::vector<Claim> claims_;
  std::vector<Acknowledgement> acknowledgements_;
};

}  // namespace

std::unique_ptr<Property> make_witness_agreement() {
  return std::make_unique<WitnessAgreement>();
}

}  // namespace sunder::checker::raft
