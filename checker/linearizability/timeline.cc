#include "checker/linearizability/timeline.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "checker/linearizability/sentence.h"

namespace sunder::checker {

namespace {

using history::Operation;
using history::Position;

/// A column for each event: apart from the one before, and far enough for its operation's label.
std::map<Position, std::size_t> columns_of(const std::vector<Operation>& operations) {
  std::map<Position, const Operation*> returns;
  std::map<Position, std::size_t> columns;
  for (const auto& operation : operations) {
    columns[operation.invoked] = 0;
    if (operation.returned == history::never) continue;
    columns[operation.returned] = 0;
    returns[operation.returned] = &operation;
  }
  std::size_t next = 0;
  for (auto& [position, column] : columns) {
    column = next;
    if (const auto found = returns.find(position); found != returns.end()) {
      const auto& operation = *found->second;
      column = std::max(column, columns[operation.invoked] + label_of(operation).size() + 1);
    }
    next = column + 2;
  }
  return columns;
}

}  // namespace

std::string timeline_of(const Counterexample& counterexample) {
  const auto columns = columns_of(counterexample.operations);
  std::size_t name_width = 0;
  for (const auto& operation : counterexample.operations) {
    const auto digits = std::to_string(static_cast<std::int64_t>(operation.process)).size();
    name_width = std::max(name_width, digits);
  }
  std::string text;
  if (counterexample.from_any_state) text += "whatever the state before:\n";
  for (std::size_t i = 0; i < counterexample.operations.size(); ++i) {
    const auto& operation = counterexample.operations[i];
    const auto begin = columns.at(operation.invoked);
    auto label = label_of(operation);
    text += fmt::format("client {:<{}}  {}[", static_cast<std::int64_t>(operation.process),
                        name_width, std::string(begin, ' '));
    if (operation.returned == history::never) {
      text += label + " ...";
    } else {
      label.resize(columns.at(operation.returned) - begin - 1, '-');
      text += label + "]";
    }
    if (i == counterexample.culprit) text += "  <-- " + counterexample.sentence;
    text += '\n';
  }
  return text;
}

}  // namespace sunder::checker
