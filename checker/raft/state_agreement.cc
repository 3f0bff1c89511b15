#include <map>
#include <memory>
#include <set>
#include <unordered_map>

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
    const auto [at, is_first] =
        states_.try_emplace(state.index.value, State{sighting, state.digest});
    const auto& before = at->second;
    if (is_first || before.digest == state.digest) return;
    const auto words = [](const State& each) {
      return fmt::format("its state had the digest {:016x}", each.digest);
    };
    violate(fmt::format("{} and {} had different states after entry {}",
                        name_of(before.sighting.node), name_of(sighting.node), state.index.value),
            evidence(before.sighting, state.index, words(before)),
            evidence(sighting, state.index, words({sighting, state.digest})));
  }

  void expect_state_before(NodeId node) {
    if (!awaited_.contains(node)) return;
    doubt(fmt::format("the trace of {} has no digest of its state after entry {}", name_of(node),
                      awaited_[node].value));
  }

  /// By index, the digest that was seen first.
  std::unordered_map<std::uint64_t, State> states_;
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
