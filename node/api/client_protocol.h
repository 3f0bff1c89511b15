#pragma once
// What clients say to a node and hear from it: one JSON object a line, over TCP.
//
//   {"client":7,"request":3,"op":"write","key":"k1","value":"17"}
//   {"client":7,"request":4,"op":"cas","key":"k1","expected":"17","value":"18"}
//   {"client":7,"request":5,"op":"read","key":"k1"}
//   {"request":5,"status":"ok","value":"18"}
//   {"request":6,"status":"not_leader","leader":"127.0.0.1:7001"}
//
// Replies carry the request's number and may come in any order. (client, request) names a command
// for ever: a retry, at any node, is answered from the session table and takes effect once.
// A client has one command (write, cas, append) under way at a time and numbers them upwards.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sunder::client_protocol {

enum class Operation { read, write, cas, append };

struct Request {
  std::uint64_t client = 0;
  std::uint64_t request = 0;
  Operation operation = Operation::read;
  std::string key;
  /// The new value of a write or cas; what an append adds behind the value there is.
  std::string value;
  /// Only of a cas; absent means "the key must not exist yet" (JSON null or left out).
  std::optional<std::string> expected;
  bool operator==(const Request&) const = default;
};

enum class Status {
  ok,               ///< Done. A read's `value` is absent if the key is.
  mismatch,         ///< A cas found another value, told in `value`: certainly not done.
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
  /// "address:port" of the leader's client port, if known; with not_leader and unknown.
  std::optional<std::string> leader;
  std::string message;
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
