#pragma once
// A described system as one of the systems that sunder can test: what its file says that it can do.

#include <string_view>

#include "harness/driver/system.h"

namespace sunder::harness::described {

/// Of `name`, a file or the name of a folder (folders.h); null if it is neither. It is read once.
/// A file that cannot be read makes a system that can do nothing more than all others: a stored run
/// may outlive its description.
const System* find_described(std::string_view name);

}  // namespace sunder::harness::described
