#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "checker/raft/property.h"

namespace sunder::checker::raft {

namespace {

class StateAgreement final : public Property {
 public:
  StateAgreement() : Property("states", {Witness::states}) {}

  void observe(const trace::Record& record, const NodeState&) override {
    if (const auto* state = std::get_if<trace::State>(&record.event)) {
      see({record.time, record.node, record.term}, *state);
    } else if (const auto* applied = std::get_if<trace::Applied>(&record.event)) {
      expect_state_before(record.node);
      const auto last = applied->first.previous().value + applied->entries.size();
      if (last % trace::state_interval == 0) awaited_[record.node] = Index{last};
    } else if (std::holds_alternative<trace::Started>(record.event)) {
      // A kill can come between the two records.
      awaited_.erase(record.node);
    }
  }

  void finish(const Gaps&) override {
    for (auto& [index, states] : states_) {
      std::sort(states.begin(), states.end(), is_earlier);
      for (const auto& state : states) {
        if (state.digest != states.front().digest) differ(states.front(), state, Index{index});
      }
    }
  }

  bool applies() const override { return seen_ > 0; }

  std::string looked_at() const override {
    return fmt::format(
        "{} digests of the whole state of {} nodes agree at each of {} indexes, over restarts too",
        seen_, nodes_.size(), states_.size());
  }

 private:
  struct State {
    Sighting sighting;
    trace::Digest digest;
  };

  void see(const Sighting& sighting, const trace::State& state) {
    ++seen_;
    nodes_.insert(sighting.node);
    const auto awaited = awaited_.find(sighting.node);
    if (awaited != awaited_.end() && awaited->second == state.index) awaited_.erase(awaited);
    auto& states = states_[state.index.value];
    const auto known = std::find_if(states.begin(), states.end(), [&](const State& each) {
      return each.sighting.node == sighting.node && each.digest == state.digest;
    });
    if (known == states.end()) {
      states.push_back({sighting, state.digest});
    } else if (sighting.time < known->sighting.time) {
      known->sighting = sighting;
    }
  }

  static bool is_earlier(const State& left, const State& right) {
    return std::tie(left.sighting.time, left.sighting.node) <
           std::tie(right.sighting.time, right.sighting.node);
  }

  void differ(const State& first, const State& other, Index index) {
    const auto one = name_of(first.sighting.node);
    const auto two = name_of(other.sighting.node);
    const auto words = [](const State& each) {
      return fmt::format("its state had the digest {:016x}", each.digest);
    };
    violate(one == two ? fmt::format("{} had two different states after entry {}", one, index.value)
                       : fmt::format("{} and {} had different states after entry {}", one, two,
                                     index.value),
            evidence(first.sighting, index, words(first)),
            evidence(other.sighting, index, words(other)));
  }

  void expect_state_before(NodeId node) {
    if (!awaited_.contains(node)) return;
    doubt(fmt::format("the trace of {} has no digest of its state after entry {}", name_of(node),
                      awaited_[node].value));
  }

  /// By index; of each node and digest the first.
  std::map<std::uint64_t, std::vector<State>> states_;
  /// Nodes that applied an entry behind which a digest of the state must follow.
  std::map<NodeId, Index> awaited_;
  std::set<NodeId> nodes_;
  std::size_t seen_ = 0;
};

}  // namespace

std::unique_ptr<Property> make_state_agreement() {
  return std::make_unique<StateAgreement>();
}

}  // namespace sunder::checker::raft
