#include "checker/isolation/clauses.h"

#include <cstdlib>
#include <utility>

#ifdef SUNDER_HAS_CADICAL
#include <cadical.hpp>
#endif

namespace sunder::checker::isolation {

#ifdef SUNDER_HAS_CADICAL

struct Clauses::Solver {
  CaDiCaL::Solver solver;
  Solver() { solver.set("quiet", 1); }
};

bool Clauses::has_solver() {
  return true;
}

#else

struct Clauses::Solver {};

bool Clauses::has_solver() {
  return false;
}

#endif

namespace {

/// The small search is asked about so many clauses, whatever the build has.
constexpr std::size_t few = 64;

/// Decides one variable after the other, sets what follows, and turns the last decision round if a
/// clause cannot be true.
class SmallSearch {
 public:
  SmallSearch(const std::vector<std::vector<Literal>>& clauses, Literal variables,
              std::uint64_t& decisions_left)
      : clauses_(clauses),
        decisions_left_(decisions_left),
        values_(static_cast<std::size_t>(variables) + 1, 0) {}

  Clauses::Answer run() {
    for (;;) {
      if (!set_what_follows()) {
        if (!turn_round()) return Clauses::Answer::contradictory;
        continue;
      }
      const Literal next = undecided();
      if (next == 0) return Clauses::Answer::satisfied;
      if (decisions_left_ == 0) return Clauses::Answer::gave_up;
      --decisions_left_;
      set(next, true);
    }
  }

  /// Those that no clause needs are true.
  std::vector<bool> values() const {
    std::vector<bool> found;
    for (const int value : values_) found.push_back(value >= 0);
    return found;
  }

 private:
  struct Set {
    Literal literal = 0;
    bool is_decision = false;
  };

  /// 1: true, -1: false, 0: not known.
  int value(Literal literal) const {
    const int of = values_[static_cast<std::size_t>(std::abs(literal))];
    return literal > 0 ? of : -of;
  }

  void set(Literal literal, bool is_decision) {
    values_[static_cast<std::size_t>(std::abs(literal))] = literal > 0 ? 1 : -1;
    trail_.push_back({literal, is_decision});
  }

  /// False if a clause cannot be true.
  bool set_what_follows() {
    for (bool again = true; again;) {
      again = false;
      for (const std::vector<Literal>& clause : clauses_) {
        const auto [is_true, open, last] = look_at(clause);
        if (is_true) continue;
        if (open == 0) return false;
        if (open > 1) continue;
        set(last, false);
        again = true;
      }
    }
    return true;
  }

  struct Look {
    bool is_true = false;
    std::size_t open = 0;
    Literal last = 0;
  };
  Look look_at(const std::vector<Literal>& clause) const {
    Look look;
    for (const Literal literal : clause) {
      const int of = value(literal);
      if (of > 0) look.is_true = true;
      if (of == 0) {
        ++look.open;
        look.last = literal;
      }
    }
    return look;
  }

  /// A literal of the first clause that is not true yet, 0 if all are.
  Literal undecided() const {
    for (const std::vector<Literal>& clause : clauses_) {
      const Look look = look_at(clause);
      if (!look.is_true) return look.last;
    }
    return 0;
  }

  bool turn_round() {
    while (!trail_.empty()) {
      const Set last = trail_.back();
      trail_.pop_back();
      values_[static_cast<std::size_t>(std::abs(last.literal))] = 0;
      if (!last.is_decision) continue;
      set(-last.literal, false);
      return true;
    }
    return false;
  }

  const std::vector<std::vector<Literal>>& clauses_;
  std::uint64_t& decisions_left_;
  std::vector<int> values_;
  std::vector<Set> trail_;
};

}  // namespace

Clauses::Clauses(std::uint64_t most_decisions)
    : solver_(std::make_unique<Solver>()), decisions_left_(most_decisions) {}

Clauses::~Clauses() = default;

Literal Clauses::new_variable() {
  return ++variables_;
}

void Clauses::add(std::vector<Literal> clause) {
#ifdef SUNDER_HAS_CADICAL
  for (const Literal literal : clause) solver_->solver.add(literal);
  solver_->solver.add(0);
#endif
  clauses_.push_back(std::move(clause));
}

Clauses::Answer Clauses::solve() {
  if (!has_solver() || clauses_.size() <= few) {
    SmallSearch search(clauses_, variables_, decisions_left_);
    const Answer answer = search.run();
    if (answer == Answer::satisfied) values_ = search.values();
    if (answer != Answer::gave_up) return answer;
  }
#ifdef SUNDER_HAS_CADICAL
  constexpr int satisfiable = 10;
  constexpr int unsatisfiable = 20;
  constexpr int most_conflicts = 1'000'000;
  solver_->solver.limit("conflicts", most_conflicts);
  const int status = solver_->solver.solve();
  if (status == unsatisfiable) return Answer::contradictory;
  if (status != satisfiable) return Answer::gave_up;
  values_.assign(static_cast<std::size_t>(variables_) + 1, true);
  for (Literal variable = 1; variable <= variables_; ++variable) {
    values_[static_cast<std::size_t>(variable)] = solver_->solver.val(variable) > 0;
  }
  return Answer::satisfied;
#else
  return Answer::gave_up;
#endif
}

bool Clauses::is_true(Literal variable) const {
  return values_[static_cast<std::size_t>(variable)];
}

}  // namespace sunder::checker::isolation
