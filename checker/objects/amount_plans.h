#pragma once
// The movements that lead from balances to those that a read shows, or to an operation that is due.
// Invariant: each plan is possible, and no balance is below 0 on its way unless that is allowed.
// Surprise: if anything was not tried, is_exhaustive() is false from then on.

#include <cstdint>
#include <span>
#include <vector>

#include "checker/budget.h"
#include "checker/objects/amount_state.h"

namespace sunder::checker {

/// Updates that take effect one behind the other, and perhaps a read at the end.
using AmountPlan = std::vector<Place>;

/// Where in the history a plan is looked for.
struct AmountScene {
  const AmountState& state;
  /// Movements that were invoked, return, and did not take effect. The first to return is first.
  std::span<const Place> open;
  history::Position now;
};

class AmountPlans {
 public:
  AmountPlans(std::span<const history::Operation* const> operations, const AmountProblem& problem,
              Budget& budget);

  /// Adds plans to the target that have that many crashed movements.
  void add(const AmountScene& scene, Place target, std::size_t crashed,
           std::vector<AmountPlan>& plans);

  const CrashedMovements& crashed() const { return crashed_; }
  std::size_t most_crashed() const;
  bool only_grows() const { return only_grows_; }
  bool is_exhaustive() const { return is_exhaustive_; }
  void was_not_exhaustive() { is_exhaustive_ = false; }

 private:
  enum class Part : std::uint8_t { open, chosen, left_out };
  /// The movements that add up to what is left.
  struct SumSearch {
    const AmountScene& scene;
    Amounts rest;
    std::vector<AmountPlan>& plans;
    std::size_t most_plans;
    std::vector<Place> candidates = {};
    std::vector<Part> parts = {};
    AmountPlan chosen = {};
    /// Crashed ones among those chosen.
    std::vector<std::size_t> kinds = {};
    std::size_t steps_left;
  };

  const Movement& movement(Place place) const {
    return problem_.movements[problem_.number_of[place]];
  }
  const Amounts& reading(Place place) const { return problem_.readings[problem_.number_of[place]]; }
  bool can_follow(const Movement& each, const Amounts& balances) const {
    return problem_.may_be_negative || each.from == each.to || each.from == no_account ||
           balances[each.from] >= each.amount;
  }
  std::size_t count_crashed(const AmountScene& scene) const {
    return crashed_.invoked_by(scene.now) - scene.state.crashed_used;
  }

  void add_sums(const AmountScene& scene, Place read, std::size_t crashed,
                std::vector<AmountPlan>& plans);
  bool may_go_on(SumSearch& search);
  bool is_dominated(const SumSearch& search, std::size_t candidate) const;
  void find_sums(SumSearch& search);
  void combine(SumSearch& search, std::size_t candidate, std::size_t crashed);
  void add_crashed(SumSearch& search, std::size_t crashed);
  void add_crashed_kind(SumSearch& search, std::size_t number, std::size_t crashed);
  void add_plan(SumSearch& search);
  void add_first_reads(const AmountScene& scene, Place read, std::vector<AmountPlan>& plans);
  void add_helped(const AmountScene& scene, Place forced, std::vector<AmountPlan>& plans);
  bool is_possible_first(const AmountScene& scene, Place read, const AmountPlan& before) const;
  bool find_order(AmountPlan& plan, std::size_t placed, Amounts& balances) const;

  std::span<const history::Operation* const> operations_;
  const AmountProblem& problem_;
  Budget& budget_;
  CrashedMovements crashed_;
  bool only_grows_ = false;
  bool is_exhaustive_ = true;
};

}  // namespace sunder::checker
