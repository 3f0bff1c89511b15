#pragma once
// An administrator's requests to a node, on the clients' port and in the clients' format
// (client_protocol.h); the replies are client_protocol::Reply.
//
//   {"request":1,"admin":"add","nodes":[4,5]}
//   {"request":2,"admin":"remove","nodes":[1]}
//   {"request":3,"admin":"transfer","nodes":[2]}
//   {"request":4,"admin":"show"}
//   {"request":5,"admin":"clock","rate":1.05,"ahead_us":-250000}
//
// The reply is `ok` when the change is committed, `bad_request` with the reason why it cannot
// begin, or `unknown` if leadership was lost before its end. The value of `show` is the node's own
// state:
// {"voters":[1,2,3],"outgoing":[],"learners":[],"leader":1,"term":7}. `clock` sets the node's
// clock; the value, {"rate":1.05,"ahead_us":-249998}, is read back from the clock.

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "node/api/types.h"

namespace sunder::admin_protocol {

enum class Action { add, remove, transfer, show, clock };

/// The deviation of a node's clock from the machine's.
struct ClockSetting {
  /// Its seconds a second, between least_clock_rate and greatest_clock_rate.
  double rate = 1;
  /// At the time of setting; negative if the clock is behind.
  std::chrono::microseconds ahead{0};
  bool operator==(const ClockSetting&) const = default;
};
constexpr double least_clock_rate = 0.01;
constexpr double greatest_clock_rate = 100;
constexpr std::chrono::microseconds greatest_clock_offset = std::chrono::hours(1);

struct Request {
  std::uint64_t request = 0;
  Action action = Action::show;
  /// For add, remove and transfer.
  std::set<NodeId> nodes = {};
  ClockSetting clock = {};
  bool operator==(const Request&) const = default;
};

/// Whether a line, if it is valid, is an administrator's request.
bool is_admin_line(std::string_view line);

/// Without the newline.
std::string to_json_line(const Request& request);

/// Throws std::invalid_argument saying what is wrong.
Request parse_request(std::string_view line);

}  // namespace sunder::admin_protocol
