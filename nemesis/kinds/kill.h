#pragma once
// The process is killed by SIGKILL; it is started again on healing.

#include "nemesis/schedule/fault_kind.h"

namespace sunder::nemesis {

struct Kill {
  bool operator==(const Kill&) const = default;
};

const FaultKind& kind_of(const Kill&);

/// Refused if every target is down already.
std::optional<Refusal> kill_targets(const Fault& fault, const Stage& stage);

}  // namespace sunder::nemesis
