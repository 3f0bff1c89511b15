#include <algorithm>
#include <set>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/history/input_error.h"
#include "checker/models/catalog.h"
#include "checker/models/unordered_queue.h"

namespace sunder::checker {

namespace {

using history::History;
using history::Operation;
using history::Outcome;
using Functions = std::set<std::string_view>;

Functions functions_of(const History& history) {
  Functions functions;
  for (const auto& operation : history.operations) functions.insert(operation.f);
  return functions;
}

bool has(const CatalogEntry& model, std::string_view function) {
  return std::find(model.functions.begin(), model.functions.end(), function) !=
         model.functions.end();
}

bool has_all(const CatalogEntry& model, const Functions& functions) {
  return std::all_of(functions.begin(), functions.end(),
                     [&](std::string_view function) { return has(model, function); });
}

/// "add: counter, set; transfer: no model"
std::string models_by_function(const Functions& functions) {
  std::vector<std::string> lines;
  for (const auto function : functions) {
    std::vector<std::string_view> names;
    for (const auto& model : model_catalog()) {
      if (has(model, function)) names.push_back(model.name);
    }
    lines.push_back(
        fmt::format("{}: {}", function,
                    names.empty() ? "no model" : fmt::format("{}", fmt::join(names, ", "))));
  }
  return fmt::format("{}", fmt::join(lines, "; "));
}

[[noreturn]] void refuse(const History& history, const Functions& functions) {
  throw history::InputError(
      {history.source},
      fmt::format(
          "the operations fit several models or none: name one by --model. Models that have "
          "each operation: {}",
          models_by_function(functions)));
}

bool appends(const Operation& operation) {
  const auto* steps = operation.argument.list();
  return steps != nullptr && std::any_of(steps->begin(), steps->end(), [](const auto& step) {
           const auto* parts = step.list();
           return parts != nullptr && !parts->empty() && parts->front() == history::Value("append");
         });
}

/// Nothing is written and a whole map or list is read: a bank, a set, a list, but no register.
bool only_collections_are_read(const History& history) {
  const auto& all = history.operations;
  const bool writes =
      std::any_of(all.begin(), all.end(), [](const Operation& each) { return each.f != "read"; });
  return !writes && std::any_of(all.begin(), all.end(), [](const Operation& each) {
    return each.outcome == Outcome::ok &&
           (each.result.list() != nullptr || each.result.object() != nullptr);
  });
}

}  // namespace

std::string_view choose_model(const History& history) {
  const auto functions = functions_of(history);
  const auto& catalog = model_catalog();
  const auto& registers = catalog.front();
  if (has_all(registers, functions)) {
    if (only_collections_are_read(history)) refuse(history, functions);
    return registers.name;
  }
  if (functions == Functions{"txn"} &&
      std::any_of(history.operations.begin(), history.operations.end(), appends)) {
    throw history::InputError({history.source},
                              "these are transactions that append to lists: no model judges them");
  }
  // Of a lock without owners, many crashed releases would excuse everything.
  if (functions == Functions{"acquire"} || functions == Functions{"acquire", "release"}) {
    return "owned-mutex";
  }
  const CatalogEntry* chosen = nullptr;
  for (const auto& model : catalog) {
    if (!has_all(model, functions)) continue;
    // Without a drain a queue is taken for one that keeps the order, and the verdict says so.
    if (model.name == UnorderedQueue::name && !functions.contains("drain")) continue;
    if (chosen != nullptr) refuse(history, functions);
    chosen = &model;
  }
  if (chosen == nullptr) refuse(history, functions);
  return chosen->name;
}

}  // namespace sunder::checker
