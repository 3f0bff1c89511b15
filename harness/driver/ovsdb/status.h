#pragma once
// What an ovsdb-server is, from `cluster/status` as ovs-appctl asks it.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "harness/driver/driver.h"

namespace sunder::harness::ovsdb {

/// Empty if the server is no member of the cluster yet.
std::optional<NodeStatus> parse_status(std::string_view text);

/// `path` is where the server takes orders.
std::unique_ptr<StatusReader> make_status_reader(boost::asio::io_context& io,
                                                 const std::string& path);

}  // namespace sunder::harness::ovsdb
