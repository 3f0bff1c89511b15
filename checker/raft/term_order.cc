#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "checker/raft/property.h"

namespace sunder::checker::raft {

namespace {

class TermOrder final : public Property {
 public:
  TermOrder() : Property("terms") {}

  void observe(const trace::Record& record, const NodeState& state) override {
    const Sighting here{record.time, record.node, record.term};
    if (std::holds_alternative<trace::OnDisk>(record.event)) disks_[record.node] = here;
    if (trace::is_of_a_witness(record.event)) return;
    ++seen_;
    auto& node = nodes_[record.node];
    if (const auto* started = std::get_if<trace::Started>(&record.event)) {
      const bool is_empty =
          record.term == Term{} && started->edge == Index{} && started->entries.empty();
      if (is_empty) {
        node.emptied = here;
        return;
      }
      node.emptied.reset();
    }
    if (const auto* configuration = std::get_if<trace::Configuration>(&record.event)) {
      decide_about_empty_disk(*configuration, node);
    }
    if (node.emptied) return;
    advance(node, here);
    if (const auto* appended = std::get_if<trace::Appended>(&record.event)) {
      check_entries(here, *appended, state);
    }
  }

  void finish(const Gaps&) override {
    for (const auto& [id, disk] : disks_) {
      const auto found = nodes_.find(id);
      if (found == nodes_.end() || !found->second.highest) continue;
      const auto& highest = *found->second.highest;
      if (highest.term <= disk.term) continue;
      violate(fmt::format("{} was in term {}, but its disk holds term {}", name_of(id),
                          highest.term.value, disk.term.value),
              evidence(highest, {}, fmt::format("was in term {}", highest.term.value)),
              evidence(disk, {}, fmt::format("its disk holds term {}", disk.term.value)));
    }
  }

  std::string looked_at() const override {
    return fmt::format("the terms of {} nodes never went back, over restarts too ({} records)",
                       nodes_.size(), seen_);
  }

 private:
  struct Node {
    /// The first record of its latest term.
    std::optional<Sighting> highest;
    /// A start with an empty disk, until the trace says with what configuration.
    std::optional<Sighting> emptied;
  };

  /// A newcomer has been in no term.
  void decide_about_empty_disk(const trace::Configuration& configuration, Node& node) {
    const auto emptied = std::exchange(node.emptied, std::nullopt);
    if (!emptied) return;
    if (is_newcomer(emptied->node, configuration)) node.highest.reset();
    advance(node, *emptied);
  }

  void advance(Node& node, const Sighting& here) {
    if (!node.highest || here.term > node.highest->term) {
      node.highest = here;
      return;
    }
    if (here.term == node.highest->term) return;
    const auto words = [](const Sighting& each) {
      return fmt::format("is in term {}", each.term.value);
    };
    violate(fmt::format("the term of {} went back from {} to {}", name_of(here.node),
                        node.highest->term.value, here.term.value),
            evidence(*node.highest, {}, words(*node.highest)), evidence(here, {}, words(here)));
    node.highest = here;
  }

  /// Entries are of the terms in which leaders appended them, so a log's terms never fall, and a
  /// node that has an entry of a term knows that term.
  void check_entries(const Sighting& here, const trace::Appended& appended,
                     const NodeState& state) {
    Term before = state.log().term(appended.first.previous()).value_or(appended.previous_term);
    Index index = appended.first;
    for (const auto& entry : appended.entries) {
      const bool is_in_order = before <= entry.term && entry.term <= here.term;
      if (!is_in_order) {
        const auto sentence = fmt::format(
            "{}, in term {}, appended entry {} of term {} behind one of term {}",
            name_of(here.node), here.term.value, index.value, entry.term.value, before.value);
        violate(sentence, evidence(here, index, "appended it"),
                evidence(here, index, fmt::format("is in term {}", here.term.value)));
        return;
      }
      before = entry.term;
      index = index.next();
    }
  }

  std::map<NodeId, Node> nodes_;
  std::map<NodeId, Sighting> disks_;
  std::size_t seen_ = 0;
};

}  // namespace

std::unique_ptr<Property> make_term_order() {
  return std::make_unique<TermOrder>();
}

}  // namespace sunder::checker::raft
