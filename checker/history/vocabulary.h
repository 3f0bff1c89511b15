#pragma once
// What a user said of the names in a file: of operations, fields and outcomes.

#include <map>
#include <string>

#include "checker/history/process_names.h"

namespace sunder::history {

/// Names of the file to names of sunder: {"Put", "write"}.
using Names = std::map<std::string, std::string, std::less<>>;

struct Vocabulary {
  /// {"Put", "write"}
  Names operations = {};
  /// {"client", "process"}. "none" is no field: the file has none that means it.
  Names fields = {};
  /// {"timed-out", "info"}
  Names types = {};
};

/// What the readers of one history's files share.
struct Naming {
  Vocabulary names = {};
  ProcessNames processes = {};
};

}  // namespace sunder::history
