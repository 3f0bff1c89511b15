#pragma once
// The role and term that a node of a described system reports, once it is ready: by a path, by a
// command, or by the adapter. Role and term must be read in one atomic step by whoever answers;
// without terms sunder uses the roles only to choose targets.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/driver/described/description.h"
#include "harness/driver/described/readiness.h"
#include "harness/driver/driver.h"

namespace sunder::harness::described {

/// "leader 3", "follower", "candidate 4": the last line of a command's output, or the words of an
/// adapter. Empty if it is something else.
std::optional<NodeStatus> status_in_words(std::string_view text);

/// In the JSON of a path's answer; `leader` has its placeholders filled in. Empty if the role or
/// the term is not there.
std::optional<NodeStatus> status_in_json(const std::string& json, const Roles& roles,
                                         const std::vector<std::string>& leader);

/// Asks `role` when `ready` has answered once, and not before `pause` has passed since the last
/// question: until then the last answer stands.
std::unique_ptr<StatusReader> make_role_reader(
    std::unique_ptr<StatusReader> ready,
    std::function<boost::asio::awaitable<std::optional<NodeStatus>>(Deadline until)> role,
    std::chrono::nanoseconds patience, std::chrono::nanoseconds pause);

}  // namespace sunder::harness::described
