#pragma once
// All models by the names that `--model` takes.

#include <memory>
#include <string_view>
#include <vector>

#include "checker/history/history.h"
#include "checker/linearizability/erased_model.h"

namespace sunder::checker {

struct CatalogEntry {
  std::string_view name;
  /// One line for `sunder list models`.
  std::string_view description;
  /// The operations that it knows.
  std::vector<std::string_view> functions;
  std::unique_ptr<ErasedModel> (*make)();
};

const std::vector<CatalogEntry>& model_catalog();

/// The name of the model that the operations' names and values leave no doubt about. Throws
/// history::InputError that lists the models that have each name.
std::string_view choose_model(const history::History& history);

/// Null if no model has that name.
std::unique_ptr<ErasedModel> make_model(std::string_view name);

}  // namespace sunder::checker
