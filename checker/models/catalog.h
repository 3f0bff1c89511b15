#pragma once
// All models by the names that `--model` takes.

#include <memory>
#include <string_view>
#include <utility>
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
  /// The names of the parameters that it takes, and what they mean.
  std::vector<std::pair<std::string_view, std::string_view>> parameters;
  std::unique_ptr<ErasedModel> (*make)(const Parameters& parameters);
};

const std::vector<CatalogEntry>& model_catalog();

/// Whether there is nothing but transactions, which isolation levels judge (checker/isolation/).
bool are_transactions(const history::History& history);
/// Whether any of them appends.
bool append_to_lists(const history::History& history);

/// The name of the model that the operations' names and values leave no doubt about. Throws
/// history::InputError that lists the models that have each name.
std::string_view choose_model(const history::History& history);

/// Null if no model has that name. Throws std::invalid_argument that names the flag if the model
/// has no such parameter, or not with such a value.
std::unique_ptr<ErasedModel> make_model(std::string_view name, const Parameters& parameters = {});

}  // namespace sunder::checker
