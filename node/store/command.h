#pragma once
// A client's command, anything but a read, as the data of a log entry.

#include <string>
#include <string_view>

#include "node/api/client_protocol.h"

namespace sunder {

std::string encode_command(const client_protocol::Request& request);
/// Throws std::runtime_error if `data` was not written by encode_command.
client_protocol::Request decode_command(std::string_view data);

}  // namespace sunder
