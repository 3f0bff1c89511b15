#include "harness/driver/unsupported_faults.h"

#include <algorithm>
#include <array>

namespace sunder::harness {

namespace {

template <std::size_t Left, std::size_t Right>
constexpr auto join(const std::array<UnsupportedFault, Left>& left,
                    const std::array<UnsupportedFault, Right>& right) {
  std::array<UnsupportedFault, Left + Right> all;
  std::copy(right.begin(), right.end(), std::copy(left.begin(), left.end(), all.begin()));
  return all;
}

constexpr std::string_view streams = "its links carry byte streams, not messages";
constexpr std::string_view no_members = "sunder has no way to add and remove its members";
constexpr std::string_view no_leader = "sunder has no way to tell it who is to lead";
constexpr std::string_view no_orders = "its servers do not take orders who is to lead";
constexpr std::string_view real_clock = "its programs go by the machine's clock";

constexpr std::array without_traces{
    UnsupportedFault{"ambush", "it waits for what only the traces of raft tell"}};
constexpr auto on_streams =
    join(std::array{UnsupportedFault{"drop", streams}, UnsupportedFault{"duplicate", streams},
                    UnsupportedFault{"reorder", streams}, UnsupportedFault{"corrupt", streams}},
         without_traces);

}  // namespace

std::span<const UnsupportedFault> unsupported_by_etcd() {
  static constexpr auto all =
      join(on_streams,
           std::array{UnsupportedFault{"clock", "libfaketime has no effect on Go programs"}});
  return all;
}

std::span<const UnsupportedFault> unsupported_by_ovsdb() {
  static constexpr auto all = join(on_streams, std::array{UnsupportedFault{"transfer", no_orders}});
  return all;
}

std::span<const UnsupportedFault> unsupported_by_redis() {
  static constexpr auto all = join(
      on_streams, std::array{UnsupportedFault{"membership", no_members},
                             UnsupportedFault{"transfer", "Sentinel chooses the new master itself"},
                             UnsupportedFault{"clock", "it hangs under libfaketime"}});
  return all;
}

std::span<const UnsupportedFault> unsupported_by_zookeeper() {
  static constexpr auto all =
      join(on_streams,
           std::array{UnsupportedFault{"membership", no_members},
                      UnsupportedFault{"transfer", no_orders},
                      UnsupportedFault{"clock", "its Java does not come up under libfaketime"}});
  return all;
}

std::span<const UnsupportedFault> unsupported_by_maelstrom() {
  static constexpr auto all = join(
      without_traces,
      std::array{UnsupportedFault{"reset", "sunder carries its messages: there are no connections"},
                 UnsupportedFault{"membership", no_members},
                 UnsupportedFault{"transfer", no_leader}, UnsupportedFault{"clock", real_clock}});
  return all;
}

std::span<const UnsupportedFault> unsupported_by_described() {
  static constexpr auto all =
      join(on_streams, std::array{UnsupportedFault{"membership", no_members},
                                  UnsupportedFault{"transfer", no_leader},
                                  UnsupportedFault{"clock", real_clock}});
  return all;
}

}  // namespace sunder::harness
