#include "checker/assumptions.h"

#include <unordered_map>

#include "checker/history/brief.h"

namespace sunder::checker {

namespace {

using history::Operation;
using history::Value;

/// The value that the operation writes if it happens; null if it writes none.
const Value* written_by(const Operation& operation) {
  if (operation.f == "write") return &operation.argument;
  if (operation.f != "cas") return nullptr;
  const auto* pair = operation.argument.list();
  return pair != nullptr && pair->size() == 2 ? &(*pair)[1] : nullptr;
}

struct WrittenValue {
  std::string_view key;
  const Value* value;
  bool operator==(const WrittenValue& other) const {
    return key == other.key && *value == *other.value;
  }
};

struct WrittenValueHash {
  std::size_t operator()(const WrittenValue& written) const {
    return std::hash<std::string_view>{}(written.key) * 31 + hash_of(*written.value);
  }
};

}  // namespace

void require_unique_writes(const history::History& history) {
  std::unordered_map<WrittenValue, const Operation*, WrittenValueHash> writers;
  for (const auto& operation : history.operations) {
    const Value* value = written_by(operation);
    if (value == nullptr) continue;
    const auto [writer, is_first] = writers.try_emplace({operation.key, value}, &operation);
    if (is_first) continue;
    throw history::AssumptionBroken(
        history.place_of(operation.invoked),
        fmt::format("{} of key {} writes {}, which line {} writes already: this workload's values "
                    "must be unique",
                    operation.f, history::brief_text(operation.key), history::brief(*value),
                    history.place_of(writer->second->invoked).line));
  }
}

}  // namespace sunder::checker
