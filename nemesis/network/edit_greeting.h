#pragma once
// How the proxy changes the first bytes of a connection, for peers that send each other addresses.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sunder::nemesis {

/// Gets the start of a stream, as much as has arrived. Returns what the proxy forwards in its
/// place, or nothing while too little has arrived.
using EditGreeting = std::function<std::optional<std::string>(std::string_view so_far)>;

}  // namespace sunder::nemesis
