#pragma once
// A history's values as JSON and back. Members keep the order in which they were written.

#include <nlohmann/json_fwd.hpp>

#include "checker/history/value.h"

namespace sunder::results {

nlohmann::ordered_json json_of(const history::Value& value);

history::Value value_of(const nlohmann::ordered_json& json);

}  // namespace sunder::results
