#pragma once
// Orders to a described system, by the commands of its file: to add and remove members, and to
// transfer leadership. A command that exits with status 0 carried the order out. With one of the
// statuses in `refused` it certainly did not; with any other end nobody knows.

#include <memory>

#include <boost/asio/io_context.hpp>

#include "harness/driver/described/launches.h"
#include "harness/namespaces/namespaces.h"
#include "harness/process/watchdog.h"
#include "nemesis/administrator.h"

namespace sunder::harness::described {

/// The references must outlive it. The commands run among the clients, if the nodes have a network
/// of their own (`namespaces`). Null if the description has no members.
std::unique_ptr<nemesis::Administrator> make_members(boost::asio::io_context& io,
                                                     Watchdog& watchdog, const Launches& launches,
                                                     const Namespaces* namespaces,
                                                     std::filesystem::path log);

}  // namespace sunder::harness::described
