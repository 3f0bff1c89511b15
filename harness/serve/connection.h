#pragma once
// One connection of HTTP/1.1: requests one after the other until the other side ends it, says
// nothing for half a minute, or sends what is no request.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "harness/serve/site.h"

namespace sunder::harness::serve {

/// The hosts that requests may name, see host_header.h.
enum class Audience { this_machine, anyone };

/// Ends with the connection. Throws what the answer to a request threw, after telling the other
/// side. `site` must outlive it.
boost::asio::awaitable<void> serve_connection(boost::asio::ip::tcp::socket socket, const Site& site,
                                              Audience audience);

}  // namespace sunder::harness::serve
