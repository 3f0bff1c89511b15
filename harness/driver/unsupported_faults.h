#pragma once
// What faults may need and a system does not have. All other faults work: they act on processes,
// links and disks, which are the same for all systems.

#include <span>
#include <string_view>

#include "nemesis/schedule/fault_kind.h"

namespace sunder::harness {

struct UnsupportedFault {
  /// No fault that needs this can take effect.
  nemesis::Need need;
  /// For the user who asked for such a fault.
  std::string_view because;
};

std::span<const UnsupportedFault> unsupported_by_etcd();
std::span<const UnsupportedFault> unsupported_by_ovsdb();
std::span<const UnsupportedFault> unsupported_by_redis();
std::span<const UnsupportedFault> unsupported_by_zookeeper();
std::span<const UnsupportedFault> unsupported_by_maelstrom();
/// By any system that a file describes.
std::span<const UnsupportedFault> unsupported_by_described();

}  // namespace sunder::harness
