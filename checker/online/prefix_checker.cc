#include "checker/online/prefix_checker.h"

#include <utility>

namespace sunder::checker {

using history::Event;
using history::EventType;

PrefixChecker::PrefixChecker(Judge judge, Budget budget, std::size_t first, std::size_t most)
    : judge_(std::move(judge)), budget_(budget), most_(most), next_look_(first) {}

void PrefixChecker::observe(const Event& event) {
  if (violation_ || has_given_up_ || event.process == history::ProcessId::nemesis) return;
  if (event.type == EventType::invoke && ++invoked_ > most_) {
    has_given_up_ = true;
    operations_ = history::OperationBuilder("the run");
    return;
  }
  try {
    auto copy = event;
    operations_.add(copy, event.index + 1);
  } catch (const history::InputError&) {
    has_given_up_ = true;
    return;
  }
  if (event.type != EventType::invoke) ++answered_;
  if (answered_ >= next_look_) look();
}

void PrefixChecker::finish() {
  if (!violation_ && !has_given_up_ && invoked_ > 0) look();
}

void PrefixChecker::look() {
  next_look_ = answered_ + answered_ / 4 + 1;
  try {
    auto result = judge_(history::OperationBuilder(operations_).finish({}), budget_);
    if (result.validity == Validity::invalid) violation_ = std::move(result);
  } catch (const history::InputError&) {
    has_given_up_ = true;
  } catch (const BudgetSpent&) {
    // A later look has more to read, and would not come to its end either.
    has_given_up_ = true;
  }
}

}  // namespace sunder::checker
