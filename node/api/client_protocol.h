#pragma once
// Clients' requests to a node and its replies: one JSON object a line, over TCP. docs/protocol.md
// has all operations, their fields and answers.
//
//   {"client":7,"request":3,"op":"write","key":"k1","value":"17"}
//   {"client":7,"request":4,"op":"cas","key":"k1","expected":"17","value":"18"}
//   {"request":4,"status":"ok","index":12,"term":2,"command":"00f1e2d3c4b5a697"}
//
// Replies have the request's number and may come in any order. (client, request) identifies a
// command forever: a retry at any node gets the reply of the session table, and the command takes
// effect once. A client has one command under way at a time, with increasing numbers.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/api/client_value.h"
#include "node/api/trace.h"
#include "node/api/types.h"

namespace sunder::client_protocol {

/// The type of the value follows from the first operation that changes the key.
enum class Operation : std::uint8_t {
  read,       ///< Of any type.
  write,      ///< Text: replaces it.
  cas,        ///< Text: replaces it if it is the expected one.
  append,     ///< Text: adds at its end.
  push,       ///< List: adds an element at its end.
  add,        ///< Set.
  remove,     ///< Set.
  increment,  ///< Counter.
  enqueue,    ///< Queue: adds an element at its end.
  dequeue,    ///< Queue: removes the first element.
  drain,      ///< Queue: removes all elements.
  acquire,    ///< Lock.
  release,    ///< Lock.
  generate,   ///< An id that no other `generate` is answered; without a key.
  txn,        ///< Several operations at once or none of them; without a key.
};

/// A txn consists of the operations up to this one.
constexpr auto last_in_txn = Operation::push;

struct Request {
  std::uint64_t client = 0;
  std::uint64_t request = 0;
  Operation operation = Operation::read;
  std::string key;
  /// The new text, the text that an append adds, the element, or the owner of a lock.
  std::string value;
  /// Only for a cas. Absent (JSON null or left out): the key must not exist yet.
  std::optional<std::string> expected;
  /// Only for an increment.
  std::int64_t amount = 0;
  /// Only of a txn: each read, write, cas, append or push, with 0 as client and request.
  std::vector<Request> operations = {};
  bool operator==(const Request&) const = default;
};

/// A read, or a txn that only reads. It changes nothing, so it needs no log entry.
bool only_reads(const Request& request);

enum class Status {
  ok,            ///< Done. A read's `value` is null if the key is absent.
  mismatch,      ///< A cas found another value: certainly not done. `value` is what it found,
                 ///< null if the key is absent.
  empty,         ///< The queue of a dequeue is empty: certainly not done.
  held,          ///< The lock is held: certainly not done. `value` is its owner.
  not_held,      ///< The lock is free or another's: certainly not done. `value` is its owner.
  wrong_type,    ///< The key has a value of another type: certainly not done.
  out_of_range,  ///< The counter would leave 64 bits: certainly not done. `value` is the counter.
  not_leader,    ///< This node did not take the request: certainly not done by this attempt.
  unknown,       ///< Taken, then leadership was lost: it may still happen.
  session_expired,  ///< The session was forgotten: whether an earlier attempt took effect is
                    ///< unknown.
  bad_request,      ///< Not understood; `message` says why. Certainly not done.
};

struct Reply {
  std::uint64_t request = 0;
  Status status = Status::ok;
  Value value;
  /// With not_leader and unknown: "address:port" of the leader's client port, if known.
  std::optional<std::string> leader;
  std::string message;
  /// Of a command that was applied: the entry by which it took effect or was refused, and its
  /// digest as in the trace. Of a read: the index of the last entry applied before it.
  std::optional<Index> index = {};
  std::optional<Term> term = {};
  std::optional<trace::Digest> command = {};
  /// With a read's value and what a cas found: the index of the entry that last changed the key.
  std::optional<Index> version = {};
  /// Of a refused txn: the place of the operation that was refused, from 0.
  std::optional<std::uint64_t> at = {};
  bool operator==(const Reply&) const = default;
};

std::string_view name_of(Operation operation);
std::string_view name_of(Status status);

/// Without the newline.
std::string to_json_line(const Request& request);
std::string to_json_line(const Reply& reply);

/// Throw std::invalid_argument saying what is wrong.
Request parse_request(std::string_view line);
Reply parse_reply(std::string_view line);

}  // namespace sunder::client_protocol
