#include "checker/models/catalog.h"

#include <array>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/models/register.h"

namespace sunder::checker {

namespace {

template <Model M>
std::unique_ptr<ErasedModel> make() {
  return std::make_unique<ErasedModelOf<M>>(M{});
}

constexpr std::array table{
    CatalogEntry{Register::name, "read, write, cas; keys are independent", make<Register>},
};

}  // namespace

std::span<const CatalogEntry> all_models() {
  return table;
}

std::unique_ptr<ErasedModel> make_model(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& entry : table) {
    if (entry.name == name) return entry.make();
    names.push_back(entry.name);
  }
  throw std::invalid_argument(
      fmt::format("unknown model '{}'; there are: {}", name, fmt::join(names, ", ")));
}

}  // namespace sunder::checker
