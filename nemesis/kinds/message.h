#pragma once
// Faults of single messages. Each effect (drop, delay, duplicate, ...) is a kind of its own.

#include "nemesis/network/message_fault.h"
#include "nemesis/schedule/fault_kind.h"

namespace sunder::nemesis {

const FaultKind& kind_of(const MessageFault& fault);

}  // namespace sunder::nemesis
