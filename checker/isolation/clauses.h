#pragma once
// Finds values of variables under which each clause has a true literal: CaDiCaL where the build has
// it, and a small search that backtracks for few clauses or without it. Literals are numbers from 1
// on; a negative one is the variable's opposite. Surprise: without CaDiCaL, solve() may give up.

#include <cstdint>
#include <memory>
#include <vector>

namespace sunder::checker::isolation {

using Literal = int;

class Clauses {
 public:
  /// The small search gives up after so many decisions.
  explicit Clauses(std::uint64_t most_decisions);
  ~Clauses();
  Clauses(const Clauses&) = delete;
  Clauses& operator=(const Clauses&) = delete;

  static bool has_solver();

  /// The variables are tried true first.
  Literal new_variable();
  void add(std::vector<Literal> clause);
  enum class Answer : std::uint8_t { satisfied, contradictory, gave_up };
  Answer solve();
  /// After `satisfied`.
  bool is_true(Literal variable) const;

 private:
  struct Solver;
  std::unique_ptr<Solver> solver_;
  std::vector<std::vector<Literal>> clauses_;
  Literal variables_ = 0;
  std::uint64_t decisions_left_;
  /// By variable, of the small search.
  std::vector<bool> values_;
};

}  // namespace sunder::checker::isolation
