#pragma once
// Checks a run while it goes on by a judge of whole histories: it remembers all operations and lets
// the judge look at them whenever they grew by a quarter, so that all looks together cost about
// five times the last one. For judges whose histories have no violation that goes away when the
// history goes on; open operations are `info`. Where a model can be checked piece by piece,
// OnlineChecker needs less memory and is sooner.

#include <cstddef>
#include <functional>
#include <optional>

#include "checker/budget.h"
#include "checker/history/history.h"
#include "checker/verdict.h"

namespace sunder::checker {

class PrefixChecker {
 public:
  using Judge = std::function<CheckResult(const history::History& so_far, Budget budget)>;
  static constexpr std::size_t usual_first = 512;
  static constexpr std::size_t usual_most = 2'000'000;

  /// The budget is for each look. The first look is after `first` operations were answered, the
  /// last one before more than `most` were invoked.
  explicit PrefixChecker(Judge judge, Budget budget = {}, std::size_t first = usual_first,
                         std::size_t most = usual_most);

  /// Takes the events in order. Ignores the nemesis' events, and everything behind an event that no
  /// correct history has, which the check of the whole run rejects.
  void observe(const history::Event& event);
  /// Looks at what came since the last look.
  void finish();

  /// The first violation that was found, or null. Nothing is looked at behind it.
  const std::optional<CheckResult>& violation() const { return violation_; }
  /// Whether operations come that it does not look at.
  bool has_given_up() const { return has_given_up_; }

 private:
  void look();

  Judge judge_;
  Budget budget_;
  std::size_t most_;
  history::OperationBuilder operations_{"the run"};
  std::size_t invoked_ = 0;
  std::size_t answered_ = 0;
  std::size_t next_look_;
  bool has_given_up_ = false;
  std::optional<CheckResult> violation_;
};

}  // namespace sunder::checker
