#pragma once
// The account of a history's isolation as a member of verdict.json. docs/schema/verdict.schema.json
// says what each member means. Surprise: a level has its model and its order beside its name, for
// tables.

#include <nlohmann/json_fwd.hpp>

#include "checker/isolation/account.h"

namespace sunder::results {

nlohmann::ordered_json json_of(const checker::isolation::Account& account);

/// Throws std::runtime_error or the JSON library's exception for anything else.
checker::isolation::Account isolation_account_of(const nlohmann::ordered_json& json);

}  // namespace sunder::results
