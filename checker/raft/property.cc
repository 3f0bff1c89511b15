#include "checker/raft/property.h"

#include <algorithm>

#include <fmt/format.h>

namespace sunder::checker::raft {

TraceEvidence evidence(const Sighting& sighting, Index index, std::string what) {
  return {sighting.time, name_of(sighting.node), sighting.term.value, index.value, std::move(what)};
}

void Property::violate(std::string sentence, TraceEvidence left, TraceEvidence right) {
  if (right.time < left.time) std::swap(left, right);
  const auto complete_at = right.time;
  auto& violations = violations_[std::minmax(left.node, right.node)];
  const bool is_first = ++violations.count == 1 || complete_at < violations.first.complete_at;
  if (!is_first) return;
  violations.first = {std::move(sentence), {std::move(left), std::move(right)}, complete_at};
}

void Property::doubt(std::string reason) {
  if (!doubt_) doubt_ = std::move(reason);
}

CheckResult Property::result(const Gaps& gaps) const {
  CheckResult result;
  result.name = name_;
  result.procedure = "traces";
  const Violation* first = nullptr;
  std::size_t count = 0;
  const auto has_gaps = [&gaps](const TraceEvidence& event) {
    return std::any_of(gaps.nodes.begin(), gaps.nodes.end(),
                       [&event](NodeId node) { return event.node == name_of(node); });
  };
  for (const auto& [nodes, violations] : violations_) {
    const auto& events = violations.first.events;
    if (std::any_of(events.begin(), events.end(), has_gaps)) continue;
    count += violations.count;
    const bool is_earlier = first == nullptr || violations.first.complete_at < first->complete_at;
    if (is_earlier) first = &violations.first;
  }
  if (first != nullptr) {
    result.validity = Validity::invalid;
    result.message = first->sentence;
    if (count > 1) result.message += fmt::format(" (and {} more)", count - 1);
    result.evidence.assign(first->events.begin(), first->events.end());
    return result;
  }
  const auto gap = std::find_if(gaps.witnesses.begin(), gaps.witnesses.end(),
                                [this](const auto& each) { return needs_.contains(each.first); });
  if (gap != gaps.witnesses.end()) {
    result.message = gap->second;
  } else {
    result.message = doubt_ ? *doubt_ : looked_at();
  }
  const bool is_valid = gap == gaps.witnesses.end() && !doubt_;
  result.validity = is_valid ? Validity::valid : Validity::unknown;
  return result;
}

}  // namespace sunder::checker::raft
