#pragma once
// A client of ovsdb-server: one transaction a call, or two if its row must be made first.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "harness/driver/driver.h"
#include "harness/driver/ovsdb/json_rpc.h"
#include "harness/driver/ovsdb/transaction.h"

namespace sunder::harness::ovsdb {

/// What an attempt means for its call.
///
/// | answer                                    | read      | change                           |
/// |-------------------------------------------|-----------|----------------------------------|
/// | nothing, and the request did not leave    | next node | next node                        |
/// | nothing whole, though it left             | fail      | info: it may have been taken     |
/// | results without an error                  | ok        | ok                               |
/// | "timed out" of an operation "wait"        | -         | fail: it is not as the call needs |
/// | "unknown database": no member of the cluster | next node | next node: not begun          |
/// | any other error                           | fail      | info: it may be committed yet    |
///
/// Empty for "next node".
std::optional<workloads::Completion> classify(const workloads::Call& call, const Attempt& attempt);

/// `nodes` are "address:port"; `home` is a place among them.
std::unique_ptr<Client> make_client(boost::asio::io_context& io,
                                    const std::vector<std::string>& nodes, int home, Reads reads);

}  // namespace sunder::harness::ovsdb
