#pragma once
// What a ZooKeeper server is, from its command "srvr". It does not include the epoch, so leaders
// are known for choosing targets, and not judged.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "harness/driver/driver.h"

namespace sunder::harness::zookeeper {

/// Empty if the server does not serve clients now.
std::optional<NodeStatus> parse_status(std::string_view text);

std::unique_ptr<StatusReader> make_status_reader(boost::asio::io_context& io,
                                                 const std::string& node);

}  // namespace sunder::harness::zookeeper
