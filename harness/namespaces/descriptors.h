#pragma once
// Descriptors that one process hands to another, with a short text that says what they are, over
// a socket that keeps messages apart (SOCK_SEQPACKET).

#include <optional>
#include <string>
#include <vector>

namespace sunder::harness {

struct Parcel {
  std::string text;
  /// The receiver owns them; they are CLOEXEC there.
  std::vector<int> descriptors = {};
};

/// Throws std::system_error, also if nobody reads any more.
void send_parcel(int socket, const Parcel& parcel);

/// Waits for the next one; nothing if the other end is closed. Throws std::system_error.
std::optional<Parcel> receive_parcel(int socket);

}  // namespace sunder::harness
