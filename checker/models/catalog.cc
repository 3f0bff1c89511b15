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
CatalogEntry entry(std::vector<std::string_view> functions) {
  return {M::name, M::description, std::move(functions),
          []() -> std::unique_ptr<ErasedModel> { return std::make_unique<ErasedModelOf<M>>(M{}); }};
}

}  // namespace

const std::vector<CatalogEntry>& model_catalog() {
  static const std::vector<CatalogEntry> catalog = {
      entry<Register>({"read", "write", "cas"}), entry<Kv>({"read", "write", "append"}),
      entry<Counter>({"add", "read"}),           entry<Set>({"add", "read"}),
      entry<Queue>({"enqueue", "dequeue"}),      entry<ListAppend>({"append", "read"}),
      entry<Mutex>({"acquire", "release"}),      entry<TxnRegister>({"txn"})};
  return catalog;
}

std::unique_ptr<ErasedModel> make_model(std::string_view name) {
  for (const auto& each : model_catalog()) {
    if (each.name == name) return each.make();
  }
  return nullptr;
}

}  // namespace sunder::checker
