#pragma once

#include <string>

#include <boost/asio/ip/tcp.hpp>

namespace sunder::harness {

/// From "127.0.0.1:7000". Throws std::invalid_argument naming the text if it is no such address.
boost::asio::ip::tcp::endpoint parse_endpoint(const std::string& text);

}  // namespace sunder::harness
