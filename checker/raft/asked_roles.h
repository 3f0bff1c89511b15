#pragma once
// Election safety of a system without traces: sunder asks the nodes for their role and term, and
// stores each answer as a line such as
//
//   {"time":1200345,"node":"n1","role":"leader","term":3}
//
// Two leaders of one term prove a violation. Their absence proves nothing, because nodes are asked
// only from time to time.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "checker/history/event.h"
#include "checker/verdict.h"

namespace sunder::checker::raft {

/// One answer of one node.
struct AskedRole {
  history::Time time{0};
  /// "n1"
  std::string node;
  /// "leader", "candidate", "follower"
  std::string role;
  std::uint64_t term = 0;
};

/// In the order of the file, without a last line that was cut off. Throws history::InputError for a
/// line that is not an answer.
void read_asked_roles(const std::filesystem::path& file,
                      const std::function<void(const AskedRole&)>& take);

/// "election safety": unknown if no node ever reported that it leads. Throws history::InputError
/// for a line that is not an answer.
CheckResult check_asked_roles(const std::filesystem::path& file);

}  // namespace sunder::checker::raft
