#pragma once
// For systems without a status: a node is ready when its port is open.

#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "harness/driver/driver.h"

namespace sunder::harness {

/// `address` is where clients dial the node.
std::unique_ptr<StatusReader> make_port_reader(boost::asio::io_context& io,
                                               const std::string& address);

}  // namespace sunder::harness
