#pragma once
// Clients' requests to a node and its replies: one JSON object a line, over TCP.
//
//   {"client":7,"request":3,"op":"write","key":"k1","value":"17"}
//   {"client":7,"request":4,"op":"cas","key":"k1","expected":"17","value":"18"}
//   {"client":7,"request":5,"op":"read","key":"k1"}
//   {"request":4,"status":"ok","index":12,"term":2,"command":"00f1e2d3c4b5a697"}
//   {"request":5,"status":"ok","value":"18","index":12}
//   {"request":6,"status":"not_leader","leader":"127.0.0.1:7001"}
//
// Replies have the request's number and may come in any order. (client, request) identifies a
// command forever: a retry at any node gets the reply of the session table, and the command takes
// effect once. A client has one command (write, cas, append) under way at a time, with increasing
// numbers.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "node/api/trace.h"
#include "node/api/types.h"

namespace sunder::client_protocol {

enum class Operation { read, write, cas, append };

struct Request {
  std::uint64_t client = 0;
  std::uint64_t request = 0;
  Operation operation = Operation::read;
  std::string key;
  /// The new value of a write or cas; the text that an append adds at the end.
  std::string value;
  /// Only for a cas. Absent (JSON null or left out): the key must not exist yet.
  std::optional<std::string> expected;
  bool operator==(const Request&) const = default;
};

enum class Status {
  ok,               ///< Done. A read's `value` is absent if the key is.
  mismatch,         ///< A cas found another value: certainly not done. `value` is what it found,
                    ///< absent if the key is.
  not_leader,       ///< This node did not take the request: certainly not done by this attempt.
  unknown,          ///< Taken, then leadership was lost: it may still happen.
  session_expired,  ///< The session was forgotten: whether an earlier attempt took effect is
                    ///< unknown.
  bad_request,      ///< Not understood; `message` says why. Certainly not done.
};

struct Reply {
  std::uint64_t request = 0;
  Status status = Status::ok;
  std::optional<std::string> value;
  /// With not_leader and unknown: "address:port" of the leader's client port, if known.
  std::optional<std::string> leader;
  std::string message;
  /// With ok and mismatch: the entry by which the command took effect or was refused, and its
  /// digest as in the trace. Of a read: the index of the last entry applied before it.
  std::optional<Index> index = {};
  std::optional<Term> term = {};
  std::optional<trace::Digest> command = {};
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
