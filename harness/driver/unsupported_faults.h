#pragma once
// Which kinds of faults cannot take effect on which system, and why. What is not named here works:
// the others act on processes, links and disks, which are alike for all.

#include <span>
#include <string_view>

namespace sunder::harness {

struct UnsupportedFault {
  /// One of nemesis/kinds/fault_kinds.h.
  std::string_view kind;
  /// For the user who asked for the fault.
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
