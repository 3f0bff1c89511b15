// The table of all kinds of faults. A new kind is one row here.

#include <array>

#include "nemesis/kinds/ambush.h"
#include "nemesis/kinds/clock.h"
#include "nemesis/kinds/cut.h"
#include "nemesis/kinds/disk.h"
#include "nemesis/kinds/kill.h"
#include "nemesis/kinds/membership.h"
#include "nemesis/kinds/message.h"
#include "nemesis/kinds/partition.h"
#include "nemesis/kinds/pause.h"
#include "nemesis/kinds/power_loss.h"
#include "nemesis/kinds/reset.h"
#include "nemesis/kinds/restart_storm.h"
#include "nemesis/kinds/slow_start.h"
#include "nemesis/kinds/transfer.h"
#include "nemesis/schedule/fault_kind.h"

namespace sunder::nemesis {

std::span<const FaultKind* const> fault_kinds() {
  static const std::array all{
      &kind_of(Kill{}),
      &kind_of(Pause{}),
      &kind_of(Partition{}),
      &kind_of(RestartStorm{}),
      &kind_of(SlowStart{}),
      &kind_of(Cut{}),
      &kind_of(Reset{}),
      &kind_of(MessageFault{.effect = MessageEffect::drop}),
      &kind_of(MessageFault{.effect = MessageEffect::delay}),
      &kind_of(MessageFault{.effect = MessageEffect::duplicate}),
      &kind_of(MessageFault{.effect = MessageEffect::reorder}),
      &kind_of(MessageFault{.effect = MessageEffect::throttle}),
      &kind_of(MessageFault{.effect = MessageEffect::corrupt}),
      &kind_of(Transfer{}),
      &kind_of(Membership{}),
      &kind_of(PowerLoss{}),
      &kind_of(DiskFault{}),
      &kind_of(ClockFault{}),
  };
  return all;
}

std::span<const NemesisOption* const> nemesis_options() {
  static const std::vector<const NemesisOption*> all = [] {
    std::vector<const NemesisOption*> options(fault_kinds().begin(), fault_kinds().end());
    options.push_back(&ambush_option());
    return options;
  }();
  return all;
}

}  // namespace sunder::nemesis
