#pragma once
// What a procedure says that is faster than the search but not for every history.

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
  /// Places among the operations of a subset that is not linearizable by itself. Not yet the
  /// smallest.
  std::vector<std::size_t> conflict;
};

}  // namespace sunder::checker
