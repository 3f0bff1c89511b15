#include "checker/models/catalog.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/models/bank.h"
#include "checker/models/counter.h"
#include "checker/models/kv.h"
#include "checker/models/list_append.h"
#include "checker/models/mutex.h"
#include "checker/models/owned_locks.h"
#include "checker/models/queue.h"
#include "checker/models/register.h"
#include "checker/models/semaphore.h"
#include "checker/models/set.h"
#include "checker/models/txn_register.h"
#include "checker/models/unordered_queue.h"
#include "checker/models/versioned_register.h"

namespace sunder::checker {

namespace {

template <Model M>
std::vector<Parameter<M>> parameters_of() {
  if constexpr (requires { M::parameters(); }) return M::parameters();
  return {};
}

[[noreturn]] void refuse_parameter(std::string_view model, std::string_view parameter) {
  std::vector<std::string_view> names;
  for (const auto& entry : model_catalog()) {
    for (const auto& [name, meaning] : entry.parameters) {
      if (name == parameter) names.push_back(entry.name);
    }
  }
  throw std::invalid_argument(
      fmt::format("--{}: the model {} takes none; models that do: {}", parameter, model,
                  names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
}

template <Model M>
std::unique_ptr<ErasedModel> make(const Parameters& given) {
  M model{};
  const auto known = parameters_of<M>();
  for (const auto& [name, value] : given) {
    const auto row = std::find_if(known.begin(), known.end(), [&wanted = name](const auto& each) {
      return each.name == wanted;
    });
    if (row == known.end()) refuse_parameter(M::name, name);
    try {
      row->set(model, value);
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument(fmt::format("--{} {}: {}", name, to_json(value), error.what()));
    }
  }
  return std::make_unique<ErasedModelOf<M>>(std::move(model));
}

template <Model M>
CatalogEntry entry(std::vector<std::string_view> functions) {
  CatalogEntry row{M::name, M::description, std::move(functions), {}, make<M>};
  for (const auto& each : parameters_of<M>()) row.parameters.emplace_back(each.name, each.meaning);
  return row;
}

}  // namespace

const std::vector<CatalogEntry>& model_catalog() {
  const std::vector<std::string_view> lock_functions = {"acquire", "release"};
  static const std::vector<CatalogEntry> catalog = {
      entry<Register>({"read", "write", "cas"}),
      entry<Kv>({"read", "write", "append"}),
      entry<Counter>({"add", "read"}),
      entry<Set>({"add", "remove", "read"}),
      entry<Queue>({"enqueue", "dequeue"}),
      entry<ListAppend>({"append", "read"}),
      entry<OwnedMutex>(lock_functions),
      entry<Mutex>(lock_functions),
      entry<FencedMutex>(lock_functions),
      entry<Semaphore>(lock_functions),
      entry<OwnedSemaphore>(lock_functions),
      entry<VersionedRegister>({"read", "write", "cas"}),
      entry<Bank>({"open", "transfer", "read"}),
      entry<TxnRegister>({"txn"}),
      entry<UnorderedQueue>({"enqueue", "dequeue", "drain"})};
  return catalog;
}

std::unique_ptr<ErasedModel> make_model(std::string_view name, const Parameters& parameters) {
  // The name that collections of public histories use.
  if (name == "kv-append") name = Kv::name;
  for (const auto& each : model_catalog()) {
    if (each.name == name) return each.make(parameters);
  }
  return nullptr;
}

}  // namespace sunder::checker
