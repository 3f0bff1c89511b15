#pragma once
// Who has which address on the network of a run: known to sunder, and to the program that makes the
// network. A host is the number of a node, or `clients_host`.

#include <array>
#include <cstdint>
#include <string>

namespace sunder::harness::layout {

constexpr int clients_host = 100;
constexpr int prefix_bits = 24;

/// Of the block that is reserved for documentation (RFC 5737): no real network has it.
constexpr std::array<std::uint8_t, 4> ip_of(int host) {
  return {192, 0, 2, static_cast<std::uint8_t>(host)};
}

/// Administered locally, so that it is no real device's.
constexpr std::array<std::uint8_t, 6> mac_of(int host) {
  return {0x02, 0x73, 0x75, 0x6e, 0x00, static_cast<std::uint8_t>(host)};
}

/// Of the node, or "clients"; in the nodes' /etc/hosts, too.
inline std::string name_of(int host) {
  return host == clients_host ? "clients" : "n" + std::to_string(host);
}

}  // namespace sunder::harness::layout
