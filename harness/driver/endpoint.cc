#include "harness/driver/endpoint.h"

#include <charconv>
#include <cstdint>
#include <stdexcept>

#include <boost/asio/ip/address.hpp>

namespace sunder::harness {

boost::asio::ip::tcp::endpoint parse_endpoint(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon != std::string::npos) {
    std::uint16_t port = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + colon + 1, end, port);
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(text.substr(0, colon), error);
    if (!error && parsed.ec == std::errc{} && parsed.ptr == end) return {address, port};
  }
  throw std::invalid_argument("'" + text + "' is not an address and port such as 127.0.0.1:7000");
}

}  // namespace sunder::harness
