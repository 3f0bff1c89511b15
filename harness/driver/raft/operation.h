#pragma once
// A client's call in the words of sunder's own node, and the node's reply in the words of a
// history. Elements and values are texts in the node: integers in decimal, texts as they are.

#include <stdexcept>

#include "node/api/client_protocol.h"
#include "workloads/generator.h"

namespace sunder::harness {

struct Plan;

/// A reply that is none to its request: the node is not what it should be. The request may have
/// been carried out.
struct UnexpectedReply : std::runtime_error {
  UnexpectedReply()
      : std::runtime_error("the node answered a transaction without an answer to each step") {}
};

/// What the node's clients can be asked for.
workloads::Operations raft_operations(const Plan& plan);

/// Not for accounts, whose calls are several requests. Throws std::logic_error if the node has no
/// such operation. Without client and number.
client_protocol::Request raft_request(const workloads::Call& call);

/// The value of an ok completion; of accounts, the argument. Throws UnexpectedReply.
history::Value raft_answer(const workloads::Call& call, const client_protocol::Reply& reply);

/// A value of the node in a history.
history::Value raft_value(const client_protocol::Value& value);

}  // namespace sunder::harness
