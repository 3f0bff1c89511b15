#pragma once
// Gives orders to sunder's own Raft node (node/api/admin_protocol.h): to the leader, whom every
// node names. Past the proxy, as clients do.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/driver/raft/connection.h"
#include "nemesis/administrator.h"
#include "node/api/client_protocol.h"

namespace sunder::harness {

/// What a reply means for the order it answers.
///
/// | reply       | means                                            |
/// |-------------|--------------------------------------------------|
/// | ok          | done: a change of voters is committed            |
/// | bad_request | refused: it cannot begin now; see the message      |
/// | unknown     | unknown: leadership was lost on the way          |
///
/// Empty for everything else: the client tries another node.
std::optional<nemesis::Administrator::Answer> classify_order(const client_protocol::Reply& reply);

/// `nodes` are the addresses of n1, n2, ... behind the doors, which must outlive it.
std::unique_ptr<nemesis::Administrator> make_raft_administrator(
    const RaftDoors& doors, const std::vector<std::string>& nodes);

}  // namespace sunder::harness
