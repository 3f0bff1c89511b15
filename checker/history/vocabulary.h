#pragma once
// What a user said of the names in a file: of operations, fields and outcomes.

#include <map>
#include <string>

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

}  // namespace sunder::history
