#pragma once
// A place among the operations of one object, as the procedures number them.

#include <cstdint>
#include <limits>

namespace sunder::checker {

using Place = std::uint32_t;
constexpr Place no_place = std::numeric_limits<Place>::max();

}  // namespace sunder::checker
