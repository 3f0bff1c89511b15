#pragma once
// The end of a coroutine that nobody awaits: what it threw ends the loop it ran on.

#include <exception>

namespace sunder {

inline void rethrow(const std::exception_ptr& error) {
  if (error) std::rethrow_exception(error);
}

}  // namespace sunder
