#pragma once
// TCP endpoints as text: "127.0.0.1:7001".

#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

namespace sunder {

/// Throws std::invalid_argument saying what is allowed.
boost::asio::ip::tcp::endpoint parse_address(std::string_view text);

std::string to_text(const boost::asio::ip::tcp::endpoint& endpoint);

}  // namespace sunder
