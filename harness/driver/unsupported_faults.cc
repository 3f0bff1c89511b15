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

using nemesis::Need;

constexpr UnsupportedFault no_members{Need::members,
                                      "sunder has no way to add and remove its members"};
constexpr UnsupportedFault no_transfers{Need::transfers, "sunder cannot choose its leader"};
constexpr UnsupportedFault no_transfer_orders{Need::transfers,
                                              "its servers accept no order to transfer leadership"};
constexpr UnsupportedFault machine_clock{Need::clocks, "its programs use the machine's clock"};

constexpr std::array without_traces{
    UnsupportedFault{Need::traces, "it waits for events that only the traces of raft report"}};
constexpr auto on_streams =
    join(std::array{UnsupportedFault{Need::messages, "its links carry byte streams, not messages"}},
         without_traces);
constexpr auto on_streams_or_switch =
    join(std::array{UnsupportedFault{Need::messages,
                                     "its links carry byte streams, not messages; with --network "
                                     "switch they carry frames"}},
         without_traces);

}  // namespace

std::span<const UnsupportedFault> unsupported_by_etcd() {
  static constexpr auto all =
      join(on_streams_or_switch,
           std::array{UnsupportedFault{Need::clocks, "libfaketime has no effect on Go programs"}});
  return all;
}

std::span<const UnsupportedFault> unsupported_by_ovsdb() {
  static constexpr auto all = join(on_streams, std::array{no_transfer_orders});
  return all;
}

std::span<const UnsupportedFault> unsupported_by_redis() {
  static constexpr auto all =
      join(on_streams_or_switch,
           std::array{no_members,
                      UnsupportedFault{Need::transfers, "Sentinel chooses the new master itself"},
                      UnsupportedFault{Need::clocks, "it hangs under libfaketime"}});
  return all;
}

std::span<const UnsupportedFault> unsupported_by_zookeeper() {
  static constexpr auto all =
      join(on_streams_or_switch,
           std::array{no_members, no_transfer_orders,
                      UnsupportedFault{Need::clocks, "its Java does not start under libfaketime"}});
  return all;
}

std::span<const UnsupportedFault> unsupported_by_maelstrom() {
  static constexpr auto all =
      join(without_traces,
           std::array{UnsupportedFault{Need::connections,
                                       "sunder carries its messages: there are no connections"},
                      no_members, no_transfers, machine_clock});
  return all;
}

std::span<const UnsupportedFault> unsupported_by_described() {
  static constexpr auto all =
      join(on_streams_or_switch, std::array{no_members, no_transfers, machine_clock});
  return all;
}

}  // namespace sunder::harness
