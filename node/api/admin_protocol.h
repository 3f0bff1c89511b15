#pragma once
// What an administrator says to a node, on the same port and in the same way as clients do
// (client_protocol.h); the replies are client_protocol::Reply.
//
//   {"request":1,"admin":"add","nodes":[4,5]}
//   {"request":2,"admin":"remove","nodes":[1]}
//   {"request":3,"admin":"transfer","nodes":[2]}
//   {"request":4,"admin":"show"}
//   {"request":5,"admin":"clock","rate":1.05,"ahead_us":-250000}
//
// `ok` comes when the change is committed; `bad_request` says why it cannot begin; `unknown` that
// leadership was lost on the way. `show` answers, as its value,
// {"voters":[1,2,3],"outgoing":[],"learners":[],"leader":1,"term":7} as this node knows it. `clock`
// sets the clock the node goes by; the value, {"rate":1.05,"ahead_us":-249998}, is read back from
// it.

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "node/api/types.h"

namespace sunder::admin_protocol {

enum class Action { add, remove, transfer, show, clock };

/// How a node's clock differs from the machine's.
struct ClockSetting {
  /// Its seconds in a second; between least_clock_rate and greatest_clock_rate.
  double rate = 1;
  /// When it was set; negative if it is behind.
  std::chrono::microseconds ahead{0};
  bool operator==(const ClockSetting&) const = default;
};
constexpr double least_clock_rate = 0.01;
constexpr double greatest_clock_rate = 100;
constexpr std::chrono::microseconds greatest_clock_offset = std::chrono::hours(1);

struct Request {
  std::uint64_t request = 0;
  Action action = Action::show;
  /// Of add, remove and transfer.
  std::set<NodeId> nodes = {};
  ClockSetting clock = {};
  bool operator==(const Request&) const = default;
};

/// Whether a line, if it is a good one, is an administrator's.
bool is_admin_line(std::string_view line);

/// Without the newline.
std::string to_json_line(const Request& request);

/// Throws std::invalid_argument saying what is wrong.
Request parse_request(std::string_view line);

}  // namespace sunder::admin_protocol
