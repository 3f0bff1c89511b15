#include "harness/serve/host_header.h"

#include <string>

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/string.hpp>

namespace sunder::harness::serve {

bool names_loopback(std::string_view host) {
  const bool is_v6 = host.starts_with('[');
  const auto colon = is_v6 ? host.find(':', host.find(']')) : host.find(':');
  auto name = host.substr(0, colon);
  if (boost::beast::iequals({name.data(), name.size()}, "localhost")) return true;
  if (is_v6) {
    if (!name.ends_with(']')) return false;
    name = name.substr(1, name.size() - 2);
  }
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string(name), error);
  return !error && address.is_v6() == is_v6 && address.is_loopback();
}

}  // namespace sunder::harness::serve
