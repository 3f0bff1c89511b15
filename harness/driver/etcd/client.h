#pragma once
// A client of etcd 3.4 by its JSON gateway: HTTP, keys and values in base64, 64-bit numbers as
// strings, what is zero or false left out.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "harness/driver/driver.h"
#include "harness/driver/etcd/objects.h"
#include "harness/driver/http_connection.h"

namespace sunder::harness::etcd {

/// What an attempt means for a call that one request carries out, and for the change of one that
/// looks at its keys first: before the change nothing can have happened.
///
/// | answer                          | read      | any other                               |
/// |---------------------------------|-----------|-----------------------------------------|
/// | nothing, and the request did not leave | next node | next node                        |
/// | nothing whole, though it left   | fail      | info: it may have been taken            |
/// | 200, an answer to the call      | ok        | ok; fail if its comparison failed       |
/// | 200, anything else              | fail      | info: unknown outcome                   |
/// | 4xx                             | fail      | fail: refused before it was proposed    |
/// | 5xx (timed out, leader changed) | fail      | info: it may be committed yet           |
///
/// Empty for "next node".
std::optional<workloads::Completion> classify(const workloads::Call& call,
                                              const HttpAttempt& attempt);

/// The same of the change that followed from a look. Fail if the keys have changed since.
std::optional<workloads::Completion> classify_change(const workloads::Call& call,
                                                     const Change& change,
                                                     const HttpAttempt& attempt);

/// `nodes` are "address:port"; `home` is a place among them.
std::unique_ptr<Client> make_client(boost::asio::io_context& io,
                                    const std::vector<std::string>& nodes, int home, Manner manner);

}  // namespace sunder::harness::etcd
