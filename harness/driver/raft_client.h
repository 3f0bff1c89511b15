#pragma once
// A client of sunder's own Raft node. It keeps one connection, follows the leader's address where a
// node tells it, and retries a command under its (client, request) name at other nodes until the
// time is up: the node's session table makes that safe.

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/driver/driver.h"
#include "node/api/client_protocol.h"

namespace sunder::harness {

/// What a reply means for the call it answers.
///
/// | reply           | read         | write, cas                             |
/// |-----------------|--------------|----------------------------------------|
/// | ok              | ok           | ok                                     |
/// | mismatch        | -            | fail: the cas was refused when applied |
/// | not_leader      | try again    | try again: this attempt did nothing    |
/// | unknown         | try again    | try again: the session table knows     |
/// | session_expired | fail         | info: an earlier attempt may have done it |
/// | bad_request     | fail         | fail: never taken                      |
///
/// Empty for "try again". When the time is up a read is `fail`; a command is `info` if some node may
/// have taken it (it left and was not refused), else `fail`.
std::optional<workloads::Completion> classify(const workloads::Call& call,
                                              const client_protocol::Reply& reply);

/// `nodes` are "address:port"; the client begins with the one at `first`.
std::unique_ptr<Client> make_raft_client(boost::asio::io_context& io,
                                         std::vector<std::string> nodes, int first,
                                         history::ProcessId process);

}  // namespace sunder::harness
