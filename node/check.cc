#include "node/check.h"

#include <cstdio>
#include <cstdlib>

namespace sunder {

void check_failed(const char* file, int line, const char* condition, const std::string& values) {
  fmt::print(stderr, "{}:{}: broken invariant: {}{}{}\n", file, line, condition,
             values.empty() ? "" : ": ", values);
  std::abort();
}

}  // namespace sunder
