#pragma once
// What a ZooKeeper server says first when it dials another one for an election: who it is and where
// it can be dialed back. It tells its own address, which is a way past the proxy.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sunder::harness::zookeeper {

/// The greeting with the address that `door_of` has for the server in it, and all that came behind
/// it; nothing while it is not whole. What is no greeting is left as it is.
std::optional<std::string> edit_greeting(std::string_view so_far,
                                         const std::function<std::string(int node)>& door_of);

}  // namespace sunder::harness::zookeeper
