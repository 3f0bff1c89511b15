#include <map>
#include <memory>

#include <fmt/format.h>

#include "checker/raft/property.h"

namespace sunder::checker::raft {

namespace {

class LeaderAppendOnly final : public Property {
 public:
  LeaderAppendOnly() : Property("leader append-only") {}

  void observe(const trace::Record& record, const NodeState& state) override {
    const Sighting here{record.time, record.node, record.term};
    if (std::holds_alternative<trace::BecameLeader>(record.event)) {
      elected_[record.node] = here;
      return;
    }
    if (state.role() != Role::leader) return;
    Index first;
    if (const auto* truncated = std::get_if<trace::Truncated>(&record.event)) {
      first = truncated->first;
    } else if (const auto* appended = std::get_if<trace::Appended>(&record.event)) {
      first = appended->first;
      ++appends_;
    } else {
      return;
    }
    if (first > state.log().last()) return;
    const auto& elected = elected_[record.node];
    violate(
        fmt::format("{}, leader since term {}, removed entries of its own log from index {} on",
                    name_of(record.node), elected.term.value, first.value),
        evidence(elected, {}, name_of(record.node) + " became leader"),
        evidence(here, first,
                 fmt::format("removed entries {} to {}", first.value, state.log().last().value)));
  }

  std::string looked_at() const override {
    return fmt::format("leaders appended {} times and removed no entry of their own log", appends_);
  }

 private:
  std::map<NodeId, Sighting> elected_;
  std::size_t appends_ = 0;
};

}  // namespace

std::unique_ptr<Property> make_leader_append_only() {
  return std::make_unique<LeaderAppendOnly>();
}

}  // namespace sunder::checker::raft
