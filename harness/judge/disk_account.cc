#include "harness/judge/disk_account.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nemesis/kinds/disk.h"
#include "nemesis/kinds/power_loss.h"
#include "nemesis/schedule/fault.h"

namespace sunder::harness {
namespace {

const history::Value* member(const history::Object& object, std::string_view name) {
  const auto found = std::find_if(object.begin(), object.end(),
                                  [name](const auto& each) { return each.first == name; });
  return found == object.end() ? nullptr : &found->second;
}

std::int64_t number(const history::Object& object, std::string_view name) {
  const auto* value = member(object, name);
  const auto* integer = value == nullptr ? nullptr : value->integer();
  return integer == nullptr ? 0 : *integer;
}

std::optional<nemesis::Action> action_of(const history::FaultDescription& fault) {
  history::Object fields{{"kind", fault.kind}};
  fields.insert(fields.end(), fault.parameters.begin(), fault.parameters.end());
  return nemesis::recorded_action(history::Value(fields));
}

std::string words(const PowerLossCost& cost) {
  return fmt::format("{} names and {} bytes of {} files", cost.names, cost.bytes, cost.files);
}

}  // namespace

void DiskAccount::injected(history::Time time, const history::FaultDescription& fault) {
  const auto action = action_of(fault);
  if (!action) return;
  if (action->get_if<nemesis::PowerLoss>() != nullptr) {
    for (const auto& node : fault.targets) losses_.push_back({time, node, false});
  }
  const auto* disk = action->get_if<nemesis::DiskFault>();
  if (disk == nullptr || !action->kind().ends_processes(*action)) return;
  damage_[fault.id] = {time, fault.targets.size(), {}};
  for (const auto& node : fault.targets) ordered_damage_[node].push_back(fault.id);
  if (is_beyond_promises(disk->trouble)) ++beyond_promises_[action->kind().words(*action)];
}

void DiskAccount::replied(const history::DiskReport& report) {
  if (member(report.reply, "entries") != nullptr) {
    const auto loss = std::find_if(losses_.begin(), losses_.end(), [&](const Loss& each) {
      return each.node == report.node && !each.has_reply;
    });
    if (loss == losses_.end()) return;
    loss->has_reply = true;
    costs_.push_back({loss->time, report.node, number(report.reply, "files"),
                      number(report.reply, "bytes"), number(report.reply, "entries")});
    return;
  }
  const auto* note = member(report.reply, "note");
  auto& ordered = ordered_damage_[report.node];
  const bool is_of_damage = note != nullptr || member(report.reply, "file") != nullptr;
  if (!is_of_damage || ordered.empty()) return;
  if (note != nullptr && note->text() != nullptr) {
    damage_[ordered.front()].notes.push_back(*note->text());
  }
  ordered.pop_front();
}

std::optional<checker::CheckResult> DiskAccount::check_power_losses() const {
  if (costs_.empty()) return std::nullopt;
  checker::CheckResult result{"power loss", checker::Validity::valid, {}, "counting", {}, {}};
  PowerLossCost all;
  for (const auto& cost : costs_) {
    all.names += cost.names;
    all.bytes += cost.bytes;
    all.files += cost.files;
    result.evidence.push_back(
        {cost.time, cost.node, 0, 0, fmt::format("{} lost {}", cost.node, words(cost))});
  }
  result.message = fmt::format("nodes lost power {} times; {} that were not synced were lost",
                               losses_.size(), words(all));
  if (costs_.size() < losses_.size()) {
    result.message +=
        fmt::format("; {} of them have no reply of the disk", losses_.size() - costs_.size());
  }
  return result;
}

std::size_t DiskAccount::without_effect() const {
  return static_cast<std::size_t>(
      std::count_if(damage_.begin(), damage_.end(), [](const auto& each) {
        return each.second.nodes > 0 && each.second.notes.size() >= each.second.nodes;
      }));
}

std::vector<std::string> DiskAccount::warnings() const {
  std::vector<std::string> warnings;
  for (const auto& [id, damage] : damage_) {
    if (damage.notes.empty()) continue;
    warnings.push_back(fmt::format("fault {} at {:.1f} s damaged {} of {} disks: {}", id,
                                   history::seconds_of(damage.time),
                                   damage.nodes - std::min(damage.nodes, damage.notes.size()),
                                   damage.nodes, damage.notes.front()));
  }
  if (beyond_promises_.empty()) return warnings;
  std::vector<std::string> troubles;
  for (const auto& [trouble, count] : beyond_promises_) troubles.push_back("disk:" + trouble);
  warnings.push_back(fmt::format(
      "no system need survive {}: these disks lost or replaced what was synced, and a violation "
      "shows what that does to this system",
      fmt::join(troubles, ", ")));
  return warnings;
}

}  // namespace sunder::harness
