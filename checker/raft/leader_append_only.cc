#include <fmt/format.h>

#include "checker/raft/safety_properties.h"

namespace sunder::checker::raft {

void LeaderAppendOnly::observe(const trace::Record& record, const Replica& replica) {
  const Sighting here{record.time, record.node, record.term};
  if (std::holds_alternative<trace::BecameLeader>(record.event)) {
    elected_[record.node] = here;
    return;
  }
  if (replica.role() != Role::leader) return;
  Index first;
  if (const auto* truncated = std::get_if<trace::Truncated>(&record.event)) {
    first = truncated->first;
  } else if (const auto* appended = std::get_if<trace::Appended>(&record.event)) {
    first = appended->first;
    ++appends_;
  } else {
    return;
  }
  if (first > replica.log().last()) return;
  const auto& elected = elected_[record.node];
  violate(
      fmt::format("{}, leader since term {}, removed entries of its own log from index {} on",
                  name_of(record.node), elected.term.value, first.value),
      evidence(elected, {}, name_of(record.node) + " became leader"),
      evidence(here, first,
               fmt::format("removed entries {} to {}", first.value, replica.log().last().value)));
}

std::string LeaderAppendOnly::looked_at() const {
  return fmt::format("{} appends by leaders removed nothing", appends_);
}

}  // namespace sunder::checker::raft
