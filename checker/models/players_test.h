#pragma once
// Random histories of every model in the catalogue, by the model's name. The model itself answers.

#include <string_view>
#include <vector>

#include "checker/linearizability/random_histories_test.h"

namespace sunder::checker {

std::vector<history::Operation> random_history_of(std::string_view model, Random& random,
                                                  const Shape& shape);

}  // namespace sunder::checker
