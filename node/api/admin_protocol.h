#pragma once
// What an administrator says to a node, on the same port and in the same way as clients do
// (client_protocol.h); the replies are client_protocol::Reply.
//
//   {"request":1,"admin":"add","nodes":[4,5]}
//   {"request":2,"admin":"remove","nodes":[1]}
//   {"request":3,"admin":"transfer","nodes":[2]}
//   {"request":4,"admin":"show"}
//
// `ok` comes when the change is committed; `bad_request` says why it cannot begin; `unknown` that
// leadership was lost on the way. `show` answers, as its value,
// {"voters":[1,2,3],"outgoing":[],"learners":[],"leader":1,"term":7} as this node knows it.

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "node/api/types.h"

namespace sunder::admin_protocol {

enum class Action { add, remove, transfer, show };

struct Request {
  std::uint64_t request = 0;
  Action action = Action::show;
  std::set<NodeId> nodes;
  bool operator==(const Request&) const = default;
};

/// Whether a line, if it is a good one, is an administrator's.
bool is_admin_line(std::string_view line);

/// Without the newline.
std::string to_json_line(const Request& request);

/// Throws std::runtime_error saying what is wrong.
Request parse_request(std::string_view line);

}  // namespace sunder::admin_protocol
