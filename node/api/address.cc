#include "node/api/address.h"

#include <charconv>
#include <stdexcept>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace sunder {

using boost::asio::ip::tcp;

tcp::endpoint parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  const auto port_text = text.substr(colon == std::string_view::npos ? text.size() : colon + 1);
  std::uint16_t port = 0;
  const char* end = port_text.data() + port_text.size();
  const auto parsed = std::from_chars(port_text.data(), end, port);
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string(text.substr(0, colon)), error);
  if (error || parsed.ec != std::errc{} || parsed.ptr != end) {
    throw std::invalid_argument(
        fmt::format("\"{}\" is not an address; allowed: 127.0.0.1:7001", text.substr(0, 60)));
  }
  return {address, port};
}

std::string to_text(const tcp::endpoint& endpoint) {
  return fmt::format("{}:{}", endpoint.address().to_string(), endpoint.port());
}

}  // namespace sunder
