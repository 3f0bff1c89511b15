#pragma once
// All models by the names that `--model` takes.

#include <memory>
#include <string_view>
#include <vector>

#include "checker/linearizability/erased_model.h"

namespace sunder::checker {

struct CatalogEntry {
  std::string_view name;
  /// One line for `sunder list models`.
  std::string_view description;
  std::unique_ptr<ErasedModel> (*make)();
};

const std::vector<CatalogEntry>& model_catalog();

/// Null if no model has that name.
std::unique_ptr<ErasedModel> make_model(std::string_view name);

}  // namespace sunder::checker
