#include "nemesis/kinds/membership.h"

#include "nemesis/stage/stage.h"
#include "node/api/json_object.h"

namespace sunder::nemesis {
namespace {

// An even number, so that an odd number of voters stays odd.
constexpr std::size_t grown_at_once = 2;

const EnumNames<MembershipChange>& membership_change_names() {
  static const EnumNames<MembershipChange> names{{MembershipChange::remove, "remove"},
                                                 {MembershipChange::replace, "replace"},
                                                 {MembershipChange::grow, "grow"}};
  return names;
}

class MembershipKind final : public FaultKind {
 public:
  std::string_view name() const override { return "membership"; }
  std::string_view summary() const override {
    return "remove voters, some with their disks emptied, and add them again";
  }
  std::vector<std::string_view> refinements() const override {
    std::vector<std::string_view> names = membership_change_names().all();
    names.push_back("shrink");
    return names;
  }
  std::vector<Need> needs(std::string_view) const override { return {Need::members}; }

  // "shrink" removes a minority at once: 5 nodes become 3, and 5 again.
  std::vector<Fault> draw(std::string_view refinement, Random& random) const override {
    static const std::vector<std::string_view> changes = refinements();
    static const std::vector<TargetRule> mix{TargetRule::one, TargetRule::leader};
    if (refinement.empty()) refinement = random.one_of(changes);
    const MembershipChange change =
        membership_change_names().find(refinement).value_or(MembershipChange::remove);
    TargetRule rule = random.one_of(mix);
    if (refinement == "shrink") rule = TargetRule::minority;
    if (change == MembershipChange::grow) rule = TargetRule::surplus;
    return {{.action = Membership{change}, .target = {rule, {}}}};
  }
  Action read(JsonObject& object) const override {
    return Membership{object.choice("change", membership_change_names())};
  }
  void write(const Action& action, nlohmann::ordered_json& json) const override {
    json["change"] = words(action);
  }
  std::string words(const Action& action) const override {
    return std::string(membership_change_names().name(action.get<Membership>().change));
  }

  bool is_order() const override { return true; }
  boost::asio::awaitable<std::optional<Refusal>> order(Fault fault,
                                                       const Stage& stage) const override {
    if (stage.cluster.administrator() == nullptr) {
      co_return Refusal{"the system has no administrator"};
    }
    const auto change = fault.action.get<Membership>().change;
    VoterHolds::Absence absence{fault.id, fault.target.nodes};
    absence.replaces = change != MembershipChange::remove;
    absence.added_at_once =
        change == MembershipChange::grow ? grown_at_once : fault.target.nodes.size();
    co_return co_await stage.voters.take_out(std::move(absence));
  }

  // Whoever is replaced is killed.
  bool ends_processes(const Action& action) const override {
    return action.get<Membership>().change != MembershipChange::remove;
  }
  bool changes_voters() const override { return true; }
};

}  // namespace

const FaultKind& kind_of(const Membership&) {
  static const MembershipKind kind;
  return kind;
}

}  // namespace sunder::nemesis
