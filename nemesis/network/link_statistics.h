#pragma once
// Counts of one directed link since the start of the run.

#include <cstdint>

namespace sunder::nemesis {

struct LinkStatistics {
  std::uint64_t connections = 0;
  /// The destination was down.
  std::uint64_t refused_connections = 0;
  std::uint64_t bytes_forwarded = 0;
  std::uint64_t frames_forwarded = 0;
  std::uint64_t frames_dropped = 0;
  /// Connections closed because the dialer sent something that is not a frame.
  std::uint64_t malformed_streams = 0;

  LinkStatistics& operator+=(const LinkStatistics& other) {
    connections += other.connections;
    refused_connections += other.refused_connections;
    bytes_forwarded += other.bytes_forwarded;
    frames_forwarded += other.frames_forwarded;
    frames_dropped += other.frames_dropped;
    malformed_streams += other.malformed_streams;
    return *this;
  }
};

}  // namespace sunder::nemesis
