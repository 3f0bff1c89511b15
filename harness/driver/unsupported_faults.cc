#include "harness/driver/unsupported_faults.h"

#include <array>

namespace sunder::harness {

namespace {

constexpr std::string_view streams = "its links carry byte streams, not messages";
constexpr std::string_view no_traces = "it waits for what only the traces of raft tell";
constexpr std::string_view no_members = "sunder has no way to add and remove its members";
constexpr std::string_view no_leader = "sunder has no way to tell it who is to lead";

}  // namespace

std::span<const UnsupportedFault> unsupported_by_etcd() {
  static constexpr std::array all{
      UnsupportedFault{"drop", streams},
      UnsupportedFault{"duplicate", streams},
      UnsupportedFault{"reorder", streams},
      UnsupportedFault{"corrupt", streams},
      UnsupportedFault{"ambush", no_traces},
      UnsupportedFault{"clock", "libfaketime has no effect on Go programs"},
  };
  return all;
}

std::span<const UnsupportedFault> unsupported_by_ovsdb() {
  static constexpr std::array all{
      UnsupportedFault{"drop", streams},
      UnsupportedFault{"duplicate", streams},
      UnsupportedFault{"reorder", streams},
      UnsupportedFault{"corrupt", streams},
      UnsupportedFault{"ambush", no_traces},
      UnsupportedFault{"transfer", "its servers do not take orders who is to lead"},
  };
  return all;
}

std::span<const UnsupportedFault> unsupported_by_redis() {
  static constexpr std::array all{
      UnsupportedFault{"drop", streams},
      UnsupportedFault{"duplicate", streams},
      UnsupportedFault{"reorder", streams},
      UnsupportedFault{"corrupt", streams},
      UnsupportedFault{"ambush", no_traces},
      UnsupportedFault{"membership", no_members},
      UnsupportedFault{"transfer", "Sentinel chooses the new master itself"},
      UnsupportedFault{"clock", "it hangs under libfaketime"},
  };
  return all;
}

std::span<const UnsupportedFault> unsupported_by_zookeeper() {
  static constexpr std::array all{
      UnsupportedFault{"drop", streams},
      UnsupportedFault{"duplicate", streams},
      UnsupportedFault{"reorder", streams},
      UnsupportedFault{"corrupt", streams},
      UnsupportedFault{"ambush", no_traces},
      UnsupportedFault{"membership", no_members},
      UnsupportedFault{"transfer", "its servers do not take orders who is to lead"},
      UnsupportedFault{"clock", "its Java does not come up under libfaketime"},
  };
  return all;
}

std::span<const UnsupportedFault> unsupported_by_maelstrom() {
  static constexpr std::array all{
      UnsupportedFault{"reset", "sunder carries its messages: there are no connections"},
      UnsupportedFault{"ambush", no_traces},
      UnsupportedFault{"membership", no_members},
      UnsupportedFault{"transfer", no_leader},
      UnsupportedFault{"clock", "its programs go by the machine's clock"},
  };
  return all;
}

std::span<const UnsupportedFault> unsupported_by_described() {
  static constexpr std::array all{
      UnsupportedFault{"drop", streams},
      UnsupportedFault{"duplicate", streams},
      UnsupportedFault{"reorder", streams},
      UnsupportedFault{"corrupt", streams},
      UnsupportedFault{"ambush", no_traces},
      UnsupportedFault{"membership", no_members},
      UnsupportedFault{"transfer", no_leader},
      UnsupportedFault{"clock", "its programs go by the machine's clock"},
  };
  return all;
}

}  // namespace sunder::harness
