#pragma once
// A client of ovsdb-server: one transaction a call, on the table "kv" of the database "KV".

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "harness/driver/driver.h"
#include "harness/driver/ovsdb/json_rpc.h"

namespace sunder::harness::ovsdb {

enum class Reads {
  consistent,  ///< In one transaction with a change of the table "tick", so that it is replicated.
  local,       ///< From what the server asked has, which may be old.
};

/// What an attempt means for its call.
///
/// | answer                                    | read      | write, cas                       |
/// |-------------------------------------------|-----------|----------------------------------|
/// | nothing, and the request did not leave    | next node | next node                        |
/// | nothing whole, though it left             | fail      | info: it may have been taken     |
/// | results without an error                  | ok        | ok                               |
/// | "timed out" of the operation "wait"       | -         | fail: the cas found another value |
/// | "unknown database": no member of the cluster | next node | next node: not begun          |
/// | any other error                           | fail      | info: it may be committed yet    |
///
/// Empty for "next node".
std::optional<workloads::Completion> classify(const workloads::Call& call, const Attempt& attempt);

/// `nodes` are "address:port"; `home` is a place among them.
std::unique_ptr<Client> make_client(boost::asio::io_context& io,
                                    const std::vector<std::string>& nodes, int home, Reads reads);

}  // namespace sunder::harness::ovsdb
