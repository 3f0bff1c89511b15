#pragma once
// A client of etcd 3.4 by its JSON gateway: HTTP, keys and values in base64, 64-bit numbers as
// strings, what is zero or false left out.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "harness/driver/driver.h"
#include "harness/driver/http_connection.h"

namespace sunder::harness::etcd {

enum class Reads {
  linearizable,
  serializable,  ///< From what the node asked has, which may be old.
};

/// What an attempt means for its call.
///
/// | answer                          | read      | write, cas                              |
/// |---------------------------------|-----------|-----------------------------------------|
/// | nothing, and the request did not leave | next node | next node                        |
/// | nothing whole, though it left   | fail      | info: it may have been taken            |
/// | 200, an answer to the call      | ok        | ok; a cas whose comparison failed: fail |
/// | 200, anything else              | fail      | info: unknown outcome                   |
/// | 4xx                             | fail      | fail: refused before it was proposed    |
/// | 5xx (timed out, leader changed) | fail      | info: it may be committed yet           |
///
/// Empty for "next node".
std::optional<workloads::Completion> classify(const workloads::Call& call,
                                              const HttpAttempt& attempt);

/// `nodes` are "address:port"; `home` is a place among them.
std::unique_ptr<Client> make_client(boost::asio::io_context& io,
                                    const std::vector<std::string>& nodes, int home, Reads reads);

}  // namespace sunder::harness::etcd
