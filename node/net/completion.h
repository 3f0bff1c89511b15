#pragma once
// The completion handler of a coroutine that no other one awaits. Its exception ends
// io_context::run.

#include <exception>

namespace sunder {

inline void rethrow(const std::exception_ptr& error) {
  if (error) std::rethrow_exception(error);
}

}  // namespace sunder
