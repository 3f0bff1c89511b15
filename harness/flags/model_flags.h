#pragma once
// The flags that are parameters of models, such as --initial: one for each row of the models'
// `parameters()` (checker/models/parameters.h). A plan keeps their values as JSON texts.

#include <map>
#include <string>
#include <vector>

#include "checker/models/parameters.h"
#include "harness/flags/flags.h"

namespace sunder::harness {

void describe_model_flags(FlagSet& flags);

/// The names of all parameters, without dashes.
std::vector<std::string> model_flag_names();

/// Those that are given, by name, as the user wrote them.
std::map<std::string, std::string> model_flags_in(const Flags& flags);

/// Throws std::invalid_argument that names the flag whose text is no JSON.
checker::Parameters parameters_in(const std::map<std::string, std::string>& texts);

}  // namespace sunder::harness
