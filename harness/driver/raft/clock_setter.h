#pragma once
// Sets the clock of one of sunder's own Raft nodes (node/api/admin_protocol.h).

#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "harness/driver/driver.h"

namespace sunder::harness {

/// `address` is "address:port" of the node, where it serves clients.
std::unique_ptr<ClockSetter> make_raft_clock_setter(boost::asio::io_context& io,
                                                    const std::string& address);

}  // namespace sunder::harness
