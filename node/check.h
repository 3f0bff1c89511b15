#pragma once
// CHECK(condition) and CHECK(condition, format, values...): a broken invariant aborts the process
// in every build and prints the place and the values. Not for errors that a client, a peer or the
// machine can cause.

#include <string>

#include <fmt/format.h>

namespace sunder {

[[noreturn]] void check_failed(const char* file, int line, const char* condition,
                               const std::string& values);

}  // namespace sunder

#define CHECK(condition, ...)   \
  (static_cast<bool>(condition) \
       ? static_cast<void>(0)   \
       : ::sunder::check_failed(__FILE__, __LINE__, #condition, ::fmt::format("" __VA_ARGS__)))
