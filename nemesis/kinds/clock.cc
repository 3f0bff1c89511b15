#include "nemesis/kinds/clock.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nemesis/stage/stage.h"
#include "node/api/json_object.h"

namespace sunder::nemesis {
namespace {

constexpr double least_clock_rate = 0.01;
constexpr double greatest_clock_rate = 100;
constexpr Duration greatest_clock_offset = std::chrono::hours(1);

class ClockKind final : public FaultKind {
 public:
  std::string_view name() const override { return "clock"; }
  std::string_view summary() const override {
    return "make clocks run fast or slow, set them ahead or behind";
  }
  std::vector<std::string_view> refinements() const override {
    return {"fast", "slow", "ahead", "behind"};
  }
  std::vector<Need> needs(std::string_view) const override { return {Need::clocks}; }

  // Rates are drawn from that of a bad quartz up to 10. The higher the rate, the less likely.
  std::vector<Fault> draw(std::string_view refinement, Random& random) const override {
    static const std::vector<std::string_view> all = refinements();
    static const std::vector<TargetRule> mix{TargetRule::one, TargetRule::leader,
                                             TargetRule::leader, TargetRule::minority,
                                             TargetRule::majority};
    if (refinement.empty()) refinement = random.one_of(all);
    ClockSetting setting;
    const double factor = std::round(100 * (1 + std::pow(random.unit(), 3) * 9)) / 100 + 0.01;
    const Duration jump = random.milliseconds_between(20, 1500);
    if (refinement == "fast") setting.rate = factor;
    if (refinement == "slow") setting.rate = std::round(1000 / factor) / 1000;
    if (refinement == "ahead") setting.ahead = jump;
    if (refinement == "behind") setting.ahead = -jump;
    return {{.action = ClockFault{setting}, .target = {random.one_of(mix), {}}}};
  }
  Action read(JsonObject& object) const override {
    ClockSetting setting;
    setting.rate = object.number("rate", least_clock_rate, greatest_clock_rate);
    const bool is_ahead = object.find("ahead") != nullptr;
    const bool is_behind = object.find("behind") != nullptr;
    if (is_ahead && is_behind) object.refuse("behind", "absent if \"ahead\" is present");
    if (is_ahead) setting.ahead = object.duration("ahead");
    if (is_behind) setting.ahead = -object.duration("behind");
    if (setting.ahead > greatest_clock_offset || setting.ahead < -greatest_clock_offset) {
      object.refuse(is_ahead ? "ahead" : "behind", "an hour at most");
    }
    return ClockFault{setting};
  }
  void write(const Action& action, nlohmann::ordered_json& json) const override {
    const ClockSetting& setting = action.get<ClockFault>().setting;
    json["rate"] = setting.rate;
    if (setting.ahead > Duration::zero()) json["ahead"] = to_text(setting.ahead);
    if (setting.ahead < Duration::zero()) json["behind"] = to_text(-setting.ahead);
  }
  std::string words(const Action& action) const override {
    const ClockSetting& setting = action.get<ClockFault>().setting;
    std::vector<std::string> words;
    if (setting.rate != 1) words.push_back(fmt::format("x{}", setting.rate));
    if (setting.ahead > Duration::zero()) words.push_back(to_text(setting.ahead) + " ahead");
    if (setting.ahead < Duration::zero()) words.push_back(to_text(-setting.ahead) + " behind");
    return fmt::format("{}", fmt::join(words, " "));
  }

  std::optional<Refusal> inject(const Fault& fault, const Stage& stage) const override {
    const ClockSetting& setting = fault.action.get<ClockFault>().setting;
    if (!stage.cluster.has_settable_clocks()) {
      return Refusal{"the nodes use the machine's clock, which cannot be set for one of them"};
    }
    if (setting.rate != 1 && !stage.cluster.has_settable_clock_rates()) {
      return Refusal{"the clocks of this system can be set ahead or behind, not fast or slow"};
    }
    const auto& nodes = fault.target.nodes;
    for (const auto& [id, other] : stage.active) {
      if (other.action.get_if<ClockFault>() == nullptr) continue;
      const auto& held = other.target.nodes;
      if (std::find_first_of(held.begin(), held.end(), nodes.begin(), nodes.end()) != held.end()) {
        return Refusal{"another fault affects a target's clock", true};
      }
    }
    for (NodeId node : nodes) stage.cluster.set_clock(node, setting);
    return std::nullopt;
  }
  void heal(const Fault& fault, const Stage& stage) const override {
    for (NodeId node : fault.target.nodes) stage.cluster.set_clock(node, {});
  }
};

}  // namespace

const FaultKind& kind_of(const ClockFault&) {
  static const ClockKind kind;
  return kind;
}

}  // namespace sunder::nemesis
