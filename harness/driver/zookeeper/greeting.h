#pragma once
// The first message that a ZooKeeper server sends when it dials another one for an election: its id
// and its address for connections back. That address would bypass the proxy.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "node/api/types.h"

namespace sunder::harness::zookeeper {

/// The greeting with the server's address replaced by `door_of`, and all bytes after it; nothing
/// while it is incomplete. Anything else is returned unchanged.
std::optional<std::string> edit_greeting(std::string_view so_far,
                                         const std::function<std::string(NodeId node)>& door_of);

}  // namespace sunder::harness::zookeeper
