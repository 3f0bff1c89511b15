#pragma once
// A client of sunder's own Raft node. Every call goes to the client's home node first, then to the
// leader that a node names, then around; a command is retried under its (client, request) name
// until the time is up: the node's session table makes that safe. Going home first is on purpose: a
// deposed leader that does not know it gets calls all the time.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/driver/driver.h"
#include "harness/driver/raft/connection.h"
#include "node/api/client_protocol.h"

namespace sunder::harness {

/// What a reply means for the call it answers.
///
/// | reply                         | read      | anything else                             |
/// |-------------------------------|-----------|-------------------------------------------|
/// | ok                            | ok        | ok                                        |
/// | mismatch, empty, held,        | -         | fail: refused when it was applied, with   |
/// | not_held                      |           | what it found                             |
/// | wrong_type, out_of_range      | -         | fail: refused when it was applied         |
/// | not_leader                    | try again | try again: this attempt did nothing       |
/// | unknown                       | try again | try again: the session table knows        |
/// | session_expired               | fail      | info: an earlier attempt may have done it |
/// | bad_request                   | fail      | fail: never taken                         |
///
/// Empty for "try again". When the time is up a read is `fail`; a command is `info` if some node
/// may have taken it (it left and was not refused), else `fail`.
/// Without the node in its answer.
std::optional<workloads::Completion> classify(const workloads::Call& call,
                                              const client_protocol::Reply& reply);

/// `nodes` are addresses behind the doors, which must outlive it; `home` is a place among them.
std::unique_ptr<Client> make_raft_client(const RaftDoors& doors,
                                         const std::vector<std::string>& nodes, int home,
                                         history::ProcessId process);

}  // namespace sunder::harness
