#pragma once
// CHECK(condition, format, arguments...): an invariant of sunder's own code. If it is broken, the
// process aborts in every build with the place, the condition and the values. Not for input errors:
// those throw InputError.

#include <cstdio>
#include <cstdlib>
#include <string>

#include <fmt/format.h>

namespace sunder::checker {

[[noreturn]] inline void invariant_broken(const char* file, int line, const char* condition,
                                          const std::string& values) {
  std::fputs(fmt::format("{}:{}: broken invariant: {} {}\n", file, line, condition, values).c_str(),
             stderr);
  std::abort();
}

}  // namespace sunder::checker

#define CHECK(condition, ...)                                             \
  do {                                                                    \
    if (!(condition)) [[unlikely]] {                                      \
      ::sunder::checker::invariant_broken(__FILE__, __LINE__, #condition, \
                                          fmt::format("" __VA_ARGS__));   \
    }                                                                     \
  } while (false)
