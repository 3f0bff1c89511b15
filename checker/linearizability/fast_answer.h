#pragma once
// The result of a fast procedure, which does not apply to every history.

#include <cstddef>
#include <vector>

namespace sunder::checker {

struct FastAnswer {
  enum class Kind {
    not_applicable,
    linearizable,
    not_linearizable,
  };
  Kind kind = Kind::not_applicable;
  /// Indexes of operations that are not linearizable by themselves. Not minimized yet.
  std::vector<std::size_t> conflict;
};

}  // namespace sunder::checker
