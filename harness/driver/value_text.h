#pragma once
// A value as systems store it that know only text: numbers in decimal, text as it is.

#include <string>
#include <string_view>

#include "checker/history/value.h"

namespace sunder::harness {

std::string to_stored_text(const history::Value& value);

history::Value from_stored_text(std::string_view stored);

}  // namespace sunder::harness
