#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "checker/raft/property.h"

namespace sunder::checker::raft {

namespace {

/// For a node of which nothing is expected, since it is a newcomer.
constexpr Index everything{std::numeric_limits<std::uint64_t>::max()};

/// The last index at which both logs have the same entry, or at which a snapshot hides the entry of
/// one of them. By log matching both logs are the same up to that index.
Index common_end(const Log& before, const Log& after) {
  Index index = std::min(before.last(), after.last());
  const auto differ = [&](Index at) {
    return before.term(at).has_value() && before.term(at) != after.term(at);
  };
  while (index > after.edge() && differ(index)) index = index.previous();
  return std::max(index, after.edge());
}

class Acknowledgement final : public Property {
 public:
  Acknowledgement() : Property("acknowledgement", {Witness::wire}) {}

  void observe(const trace::Record& record, const NodeState& state) override {
    auto& node = nodes_[record.node];
    if (const auto* acknowledged = std::get_if<trace::Acknowledged>(&record.event)) {
      node.promises.push_back({{record.time, record.node, record.term}, acknowledged->last});
      ++promises_;
    } else if (!trace::is_of_a_witness(record.event)) {
      observe_node(record, state, node);
    }
  }

  void finish(const Gaps&) override {
    for (const auto& [id, node] : nodes_) {
      history::Time since{0};
      for (const auto& start : node.starts) {
        check(node, start, since);
        since = start.sighting.time;
      }
    }
  }

  std::string looked_at() const override {
    return fmt::format(
        "no restart lost an entry that was acknowledged on the wire ({} acknowledgements)",
        promises_);
  }

 private:
  struct Promise {
    Sighting sighting;
    Index last;
  };
  /// All entries after `last` were removed from the log.
  struct Removal {
    history::Time time{0};
    Term term;
    Index last;
  };
  /// A start, and up to where the log is the one that the node had before.
  struct Start {
    Sighting sighting;
    Index same_up_to;
  };
  struct Node {
    std::vector<Promise> promises;
    std::vector<Removal> removals;
    std::vector<Start> starts;
    /// A start with an empty log, until the trace says with what configuration.
    std::optional<Start> emptied;
  };

  static void observe_node(const trace::Record& record, const NodeState& state, Node& node) {
    if (const auto* started = std::get_if<trace::Started>(&record.event)) {
      const Log log(started->edge, started->edge_term, started->entries);
      const Start start{{record.time, record.node, record.term}, common_end(state.log(), log)};
      if (log.last() == Index{}) {
        node.emptied = start;
      } else {
        node.starts.push_back(start);
      }
    } else if (const auto* configuration = std::get_if<trace::Configuration>(&record.event)) {
      auto emptied = std::exchange(node.emptied, std::nullopt);
      if (!emptied) return;
      if (is_newcomer(record.node, *configuration)) emptied->same_up_to = everything;
      node.starts.push_back(*emptied);
    } else if (const auto* truncated = std::get_if<trace::Truncated>(&record.event)) {
      node.removals.push_back({record.time, record.term, truncated->first.previous()});
    } else if (const auto* installed = std::get_if<trace::SnapshotInstalled>(&record.event)) {
      if (installed->kept_suffix) return;
      node.removals.push_back({record.time, record.term, installed->last});
    }
  }

  /// A later term's removal excuses the loss even if the acknowledgement was seen after it: the
  /// acknowledgement may have been on its way.
  void check(const Node& node, const Start& start, history::Time since) {
    for (const auto& promise : node.promises) {
      const auto& [time, id, term] = promise.sighting;
      const bool is_between = time > since && time < start.sighting.time;
      if (!is_between || promise.last <= start.same_up_to) continue;
      const bool is_given_up =
          std::any_of(node.removals.begin(), node.removals.end(), [&](const Removal& removal) {
            return removal.term > promise.sighting.term && removal.last < promise.last &&
                   removal.time < start.sighting.time;
          });
      if (is_given_up) continue;
      violate(fmt::format(
                  "{} acknowledged entry {} in term {}, but after a restart its log was the same "
                  "only up to entry {}",
                  name_of(id), promise.last.value, term.value, start.same_up_to.value),
              evidence(promise.sighting, promise.last,
                       fmt::format("acknowledged up to {}", promise.last.value)),
              evidence(start.sighting, start.same_up_to, "restarted"));
      return;
    }
  }

  std::map<NodeId, Node> nodes_;
  std::size_t promises_ = 0;
};

}  // namespace

std::unique_ptr<Property> make_acknowledgement() {
  return std::make_unique<Acknowledgement>();
}

}  // namespace sunder::checker::raft
