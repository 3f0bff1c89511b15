#pragma once
// A value as systems store it that know only text: numbers in decimal, text as it is.

#include <string>
#include <string_view>

#include "checker/history/value.h"

namespace sunder::harness {

std::string to_stored_text(const history::Value& value);

history::Value from_stored_text(std::string_view stored);

/// A list in one text: a JSON array of its elements' texts.
std::string to_stored_list(const history::List& list);
/// Throws nlohmann::json::exception if it is none.
history::List from_stored_list(std::string_view stored);

}  // namespace sunder::harness
