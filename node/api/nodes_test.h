#pragma once
// Short names for nodes in tests.

#include "node/api/types.h"

namespace sunder {

inline constexpr NodeId n1{1};
inline constexpr NodeId n2{2};
inline constexpr NodeId n3{3};
inline constexpr NodeId n4{4};
inline constexpr NodeId n5{5};
inline constexpr NodeId n6{6};

}  // namespace sunder
