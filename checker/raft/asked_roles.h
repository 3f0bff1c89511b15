#pragma once
// Election safety as far as it can be seen from outside: nodes were asked for role and term
// together, and said so on lines such as
//
//   {"time":1200345,"node":"n1","role":"leader","term":3}
//
// Two leaders of one term are proof. That nobody saw two is no proof of the opposite: a node is
// asked now and then only.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "checker/history/event.h"
#include "checker/verdict.h"

namespace sunder::checker::raft {

/// What one node said of itself.
struct AskedRole {
  history::Time time{0};
  /// "n1"
  std::string node;
  /// "leader", "candidate", "follower"
  std::string role;
  std::uint64_t term = 0;
};

/// In the order of the file; a last line that was not written whole is left out. Throws
/// history::InputError for a line that says no role.
void read_asked_roles(const std::filesystem::path& file,
                      const std::function<void(const AskedRole&)>& take);

/// "election safety": unknown if nobody ever said that it led. Throws history::InputError for a
/// line that says no role.
CheckResult check_asked_roles(const std::filesystem::path& file);

}  // namespace sunder::checker::raft
