#include "node/check.h"

#include <cstdio>
#include <cstdlib>

namespace sunder {

void check_failed(const char* file, int line, const char* condition, const std::string& values) {
  const auto line_text = fmt::format("{}:{}: broken invariant: {}{}{}\n", file, line, condition,
                                     values.empty() ? "" : ": ", values);
  std::fputs(line_text.c_str(), stderr);
  std::abort();
}

}  // namespace sunder
