#include "nemesis/kinds/transfer.h"

#include <fmt/format.h>

#include "nemesis/stage/stage.h"

namespace sunder::nemesis {
namespace {

class TransferKind final : public FaultKind {
 public:
  std::string_view name() const override { return "transfer"; }
  std::string_view summary() const override { return "transfer leadership to another node"; }
  std::vector<std::string_view> refinements() const override {
    return {"follower", "most-behind", "most-ahead"};
  }
  std::vector<Need> needs(std::string_view) const override { return {Need::transfers}; }

  std::vector<Fault> draw(std::string_view refinement, Random& random) const override {
    static const std::vector<TargetRule> mix{TargetRule::follower, TargetRule::follower,
                                             TargetRule::most_behind};
    const TargetRule rule =
        refinement.empty() ? random.one_of(mix) : *target_rule_names().find(refinement);
    return {{.action = Transfer{}, .target = {rule, {}}}};
  }
  Action read(JsonObject&) const override { return Transfer{}; }

  bool is_order() const override { return true; }
  boost::asio::awaitable<std::optional<Refusal>> order(Fault fault,
                                                       const Stage& stage) const override {
    Administrator* administrator = stage.cluster.administrator();
    if (administrator == nullptr) co_return Refusal{"the system has no administrator"};
    const NodeId heir = fault.target.nodes.front();
    if (stage.processes.is_down(heir)) {
      co_return Refusal{fmt::format("{} is down", name_of(heir)), true};
    }
    co_return refusal_in(co_await administrator->transfer_leadership(heir));
  }
  bool is_momentary() const override { return true; }
  // The target may be down, cut off, or no voter and therefore the most behind. Any other follower
  // serves.
  std::optional<TargetRule> retry_target() const override { return TargetRule::follower; }

  bool delays_answers(const Action&) const override { return false; }
};

}  // namespace

const FaultKind& kind_of(const Transfer&) {
  static const TransferKind kind;
  return kind;
}

}  // namespace sunder::nemesis
