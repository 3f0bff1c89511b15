#include "checker/models/catalog.h"

#include "checker/models/counter.h"
#include "checker/models/kv.h"
#include "checker/models/list_append.h"
#include "checker/models/mutex.h"
#include "checker/models/queue.h"
#include "checker/models/register.h"
#include "checker/models/set.h"
#include "checker/models/txn_register.h"

namespace sunder::checker {

namespace {

template <Model M>
CatalogEntry entry() {
  return {M::name, M::description,
          []() -> std::unique_ptr<ErasedModel> { return std::make_unique<ErasedModelOf<M>>(M{}); }};
}

}  // namespace

const std::vector<CatalogEntry>& model_catalog() {
  static const std::vector<CatalogEntry> catalog = {
      entry<Register>(), entry<Kv>(),         entry<Counter>(), entry<Set>(),
      entry<Queue>(),    entry<ListAppend>(), entry<Mutex>(),   entry<TxnRegister>()};
  return catalog;
}

std::unique_ptr<ErasedModel> make_model(std::string_view name) {
  for (const auto& each : model_catalog()) {
    if (each.name == name) return each.make();
  }
  return nullptr;
}

}  // namespace sunder::checker
