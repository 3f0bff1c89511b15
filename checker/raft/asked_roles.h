#pragma once
// Election safety as far as it can be seen from outside: nodes were asked for role and term
// together, and said so on lines such as
//
//   {"time":1200345,"node":"n1","role":"leader","term":3}
//
// Two leaders of one term are proof. That nobody saw two is no proof of the opposite: a node is
// asked now and then only.

#include <filesystem>

#include "checker/verdict.h"

namespace sunder::checker::raft {

/// "election safety": unknown if nobody ever said that it led. Throws history::InputError for a
/// line that says no role.
CheckResult check_asked_roles(const std::filesystem::path& file);

}  // namespace sunder::checker::raft
