#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/raft/property.h"

namespace sunder::checker::raft {

namespace {

std::set<NodeId> set_of(const std::vector<NodeId>& nodes) {
  return {nodes.begin(), nodes.end()};
}

/// Whether every majority of `before` and every majority of `after` have a common node.
bool overlap(const Voters& before, const Voters& after) {
  const auto old_voters = set_of(before.voters);
  const auto new_voters = set_of(after.voters);
  if (old_voters == new_voters) return true;
  if (!after.outgoing.empty()) return set_of(after.outgoing) == old_voters;
  if (!before.outgoing.empty()) return false;
  std::vector<NodeId> differing;
  std::set_symmetric_difference(old_voters.begin(), old_voters.end(), new_voters.begin(),
                                new_voters.end(), std::back_inserter(differing));
  return differing.size() <= 1;
}

std::string words_of(const Voters& voters) {
  const auto names = [](const std::vector<NodeId>& nodes) {
    std::vector<std::string> each;
    for (const auto node : nodes) each.push_back(name_of(node));
    return fmt::format("{}", fmt::join(each, ", "));
  };
  return voters.outgoing.empty()
             ? names(voters.voters)
             : fmt::format("{} with {}", names(voters.voters), names(voters.outgoing));
}

class ConfigurationRule final : public Property {
 public:
  ConfigurationRule() : Property("configuration") {}

  void observe(const trace::Record& record, const NodeState& state) override {
    if (trace::is_of_a_witness(record.event)) return;
    auto& node = nodes_[record.node];
    expect_earlier_configuration(record, node);
    if (const auto* started = std::get_if<trace::Started>(&record.event)) {
      node.commit_index = started->edge;
      forget_what_is_gone(node, Log(started->edge, started->edge_term, started->entries));
    } else if (const auto* truncated = std::get_if<trace::Truncated>(&record.event)) {
      undo(record, truncated->first, node);
    } else if (const auto* installed = std::get_if<trace::SnapshotInstalled>(&record.event)) {
      node.commit_index = installed->last;
      if (!installed->kept_suffix) node.configurations.clear();
    } else if (const auto* committed = std::get_if<trace::Committed>(&record.event)) {
      node.commit_index = committed->last;
    } else if (const auto* appended = std::get_if<trace::Appended>(&record.event)) {
      undo(record, appended->first, node);
    } else if (const auto* configuration = std::get_if<trace::Configuration>(&record.event)) {
      take_over(record, *configuration, state, node);
    }
  }

  std::string looked_at() const override {
    return fmt::format("nodes adopted a configuration {} times, always the latest one in their log",
                       seen_);
  }

 private:
  struct Known {
    Sighting sighting;
    /// The term of its entry in the log.
    Term term;
    Voters voters;
  };
  struct Node {
    /// The configurations in its log or before its edge, by index.
    std::map<Index, Known> configurations;
    Index commit_index;
    /// It removed this configuration from its log and has not taken up an earlier one yet.
    std::optional<std::pair<Index, Known>> undone;
  };

  /// Removes the configurations from `first` on.
  static void undo(const trace::Record& record, Index first, Node& node) {
    auto& known = node.configurations;
    const auto undone = known.lower_bound(first);
    if (undone == known.end()) return;
    node.undone = *known.rbegin();
    node.undone->second.sighting = {record.time, record.node, record.term};
    known.erase(undone, known.end());
  }

  /// A node that removed its configuration uses the one before it at once: it would count votes of
  /// servers that never became members.
  void expect_earlier_configuration(const trace::Record& record, Node& node) {
    const auto undone = std::exchange(node.undone, std::nullopt);
    if (!undone) return;
    // A kill can come between the two records.
    if (std::holds_alternative<trace::Started>(record.event)) return;
    const auto* configuration = std::get_if<trace::Configuration>(&record.event);
    const auto& [index, lost] = *undone;
    if (configuration != nullptr && configuration->index <= index) return;
    violate(
        fmt::format("{} removed entry {} with the voters {} from its log, and did not take up "
                    "the voters before them again",
                    name_of(record.node), index.value, words_of(lost.voters)),
        evidence(lost.sighting, index, "removed " + words_of(lost.voters)),
        evidence({record.time, record.node, record.term}, index, "went on without other voters"));
  }

  /// By log matching an entry with the same index and term is the same entry.
  static void forget_what_is_gone(Node& node, const Log& log) {
    std::erase_if(node.configurations, [&log](const auto& each) {
      const auto& [index, known] = each;
      return index > log.edge() && log.term(index) != known.term;
    });
  }

  void take_over(const trace::Record& record, const trace::Configuration& configuration,
                 const NodeState& state, Node& node) {
    ++seen_;
    const Sighting here{record.time, record.node, record.term};
    const Known after{here,
                      state.log().term(configuration.index).value_or(Term{}),
                      {configuration.voters, configuration.outgoing}};
    auto& known = node.configurations;
    if (!known.empty()) {
      const auto& [latest_at, latest] = *known.rbegin();
      if (configuration.index < latest_at) {
        violate(fmt::format(
                    "{} uses the voters of entry {} ({}), but entry {} of its log has later ones "
                    "({})",
                    name_of(record.node), configuration.index.value, words_of(after.voters),
                    latest_at.value, words_of(latest.voters)),
                evidence(latest.sighting, latest_at, "adopted " + words_of(latest.voters)),
                evidence(here, configuration.index, "uses " + words_of(after.voters)));
        return;
      }
      const bool differs = configuration.index == latest_at && after.term == latest.term &&
                           words_of(after.voters) != words_of(latest.voters);
      if (differs && latest_at != Index{}) {
        violate(fmt::format("{} uses the voters {} by entry {}, by which it had used {}",
                            name_of(record.node), words_of(after.voters), latest_at.value,
                            words_of(latest.voters)),
                evidence(latest.sighting, latest_at, "adopted " + words_of(latest.voters)),
                evidence(here, configuration.index, "uses " + words_of(after.voters)));
      }
      if (state.role() == Role::leader && configuration.index > latest_at) {
        check_change(latest, latest_at, after, configuration.index, state, node);
      }
    }
    known.insert_or_assign(configuration.index, after);
  }

  void check_change(const Known& before, Index before_at, const Known& after, Index after_at,
                    const NodeState& state, const Node& node) {
    const auto name = name_of(after.sighting.node);
    const auto complain = [&](const std::string& why) {
      violate(fmt::format("{}, leader of term {}, changed the voters from {} to {} {}", name,
                          after.sighting.term.value, words_of(before.voters),
                          words_of(after.voters), why),
              evidence(before.sighting, before_at, "adopted " + words_of(before.voters)),
              evidence(after.sighting, after_at, "changed to " + words_of(after.voters)));
    };
    if (!overlap(before.voters, after.voters)) {
      complain(
          "in one step: a majority of the old voters and one of the new voters need not overlap");
    } else if (before_at > node.commit_index) {
      complain("before the change at " + std::to_string(before_at.value) + " was committed");
    } else if (state.log().term(node.commit_index) != after.sighting.term) {
      complain("before it had committed an entry of its own term");
    }
  }

  std::map<NodeId, Node> nodes_;
  std::size_t seen_ = 0;
};

}  // namespace

std::unique_ptr<Property> make_configuration_rule() {
  return std::make_unique<ConfigurationRule>();
}

}  // namespace sunder::checker::raft
