#pragma once
// The models that can be named: `sunder check --model register`.

#include <memory>
#include <span>
#include <string_view>

#include "checker/linearizability/erased_model.h"

namespace sunder::checker {

struct CatalogEntry {
  std::string_view name;
  std::string_view summary;
  std::unique_ptr<ErasedModel> (*make)();
};

std::span<const CatalogEntry> all_models();

/// Throws std::invalid_argument listing what there is.
std::unique_ptr<ErasedModel> make_model(std::string_view name);

}  // namespace sunder::checker
