#include <algorithm>
#include <set>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/history/brief.h"
#include "checker/history/input_error.h"
#include "checker/history/spelling.h"
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
  history::Name last;
  for (const auto& operation : history.operations) {
    if (operation.f == last && !functions.empty()) continue;
    last = operation.f;
    functions.insert(last.text());
  }
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

/// Transactions are judged together, by all that they read and wrote, so a history has nothing else
/// beside them. A list of micro-operations beside other values may be a value itself: the user must
/// say so.
void require_transactions_alone(const History& history) {
  const auto& all = history.operations;
  const auto is_one = [](const Operation& each) { return history::is_transaction(each.argument); };
  const history::Name transaction = "txn";
  const auto first = std::find_if(all.begin(), all.end(), [&](const Operation& each) {
    return each.f == transaction || (is_one(each) && !each.argument.list()->empty());
  });
  if (first == all.end()) return;
  const auto other = std::find_if_not(all.begin(), all.end(), is_one);
  if (other == all.end()) return;
  const auto what = fmt::format("{} {}", other->f, history::brief(other->argument));
  throw history::InputError(
      history.place_of(other->invoked),
      other->f == "txn"
          ? fmt::format("{} is no list of micro-operations: [[\"r\",\"x\",null],[\"append\","
                        "\"y\",1]], or with \"w\" in the place of \"append\"",
                        what)
          : fmt::format("{} is no transaction, and the {} of {} is one. sunder judges transactions "
                        "by themselves: keep the other operations in a file of their own, or name "
                        "the model of both by --model",
                        what, first->f, history.line_name(first->invoked)));
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

bool are_transactions(const History& history) {
  const auto& all = history.operations;
  return !all.empty() &&
         std::all_of(all.begin(), all.end(), [](const auto& each) { return each.f == "txn"; });
}

bool append_to_lists(const History& history) {
  const auto& all = history.operations;
  return std::any_of(all.begin(), all.end(), appends);
}

std::string_view choose_model(const History& history) {
  require_transactions_alone(history);
  const auto functions = functions_of(history);
  const auto& catalog = model_catalog();
  const auto& registers = catalog.front();
  if (has_all(registers, functions)) {
    if (only_collections_are_read(history)) refuse(history, functions);
    return registers.name;
  }
  if (functions == Functions{"txn"} && append_to_lists(history)) {
    throw history::InputError({history.source},
                              "transactions that append to lists are judged by isolation levels, "
                              "not by a model");
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
