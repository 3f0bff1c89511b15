#include "checker/raft/property.h"

#include <algorithm>

#include <fmt/format.h>

namespace sunder::checker::raft {

TraceEvidence evidence(const Sighting& sighting, Index index, std::string what) {
  return {sighting.time, name_of(sighting.node), sighting.term.value, index.value, std::move(what)};
}

void Property::violate(std::string sentence, TraceEvidence left, TraceEvidence right) {
  ++violations_;
  if (right.time < left.time) std::swap(left, right);
  if (first_ && first_->complete_at <= right.time) return;
  const auto complete_at = right.time;
  first_ = Violation{std::move(sentence), {std::move(left), std::move(right)}, complete_at};
}

void Property::doubt(std::string reason) {
  if (!doubt_) doubt_ = std::move(reason);
}

CheckResult Property::result() const {
  CheckResult result;
  result.name = name_;
  result.procedure = "traces";
  if (!first_) {
    result.validity = doubt_ ? Validity::unknown : Validity::valid;
    result.message = doubt_ ? *doubt_ : looked_at();
    return result;
  }
  result.validity = Validity::invalid;
  result.message = first_->sentence;
  if (violations_ > 1) result.message += fmt::format(" (and {} more)", violations_ - 1);
  result.evidence.assign(first_->events.begin(), first_->events.end());
  return result;
}

}  // namespace sunder::checker::raft
