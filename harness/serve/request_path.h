#pragma once
// What a request asks for, as plain names: "/runs/register/20261124T045318Z-7/trace/n1.jsonl" is
// {"runs", "register", ...}. No name is empty, "." or "..", holds a slash or a zero byte, however
// it was written.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sunder::harness::serve {

/// The names in a request's target, without its query. Empty for "/"; absent if it is no such path.
std::optional<std::vector<std::string>> request_path(std::string_view target);

/// "/live/a%20b": what `request_path` reads as these names.
std::string address_of(std::span<const std::string> names);

}  // namespace sunder::harness::serve
