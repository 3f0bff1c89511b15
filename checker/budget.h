#pragma once
// The time and memory that a check may use: one value, made where the check begins and handed down
// to every procedure. Memory is what the process holds of the machine's, over all threads.
// Invariant: a procedure that calls `spend` in its loops and `expect` before it copies much stops
// soon after the budget is used up.
// Surprise: both throw BudgetSpent. decide() and explain() catch it and answer with what they have.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>

namespace sunder::checker {

class BudgetSpent : public std::exception {
 public:
  explicit BudgetSpent(const char* why) : why_(why) {}
  /// "time ran out", "memory ran out", "another key was not linearizable"
  const char* what() const noexcept override { return why_; }

 private:
  const char* why_;
};

class Budget {
 public:
  using Clock = std::chrono::steady_clock;
  /// Which memory counts: what the process takes from now on (a check inside a larger program), or
  /// all that it holds (a program that does nothing else).
  enum class Counted { from_now, whole_process };

  /// Without limits.
  Budget() = default;
  Budget(std::chrono::milliseconds time, std::size_t memory_bytes,
         Counted counted = Counted::from_now);

  /// The same with an earlier deadline.
  Budget until(Clock::time_point deadline) const;
  Budget at_most(Clock::duration time) const { return until(Clock::now() + time); }
  /// The same, spent as soon as `is_moot` is true. It must outlive the budget.
  Budget unless(const std::atomic<bool>& is_moot) const;
  /// The same for one of several threads: no search of it may hold more than its share.
  Budget shared_by(unsigned threads) const;

  Clock::time_point deadline() const { return deadline_; }
  /// For one search's own structures. The limit of the process is checked besides.
  std::size_t search_bytes() const { return search_bytes_; }
  /// Null if nothing is spent yet. Looks at the clock and the memory at once.
  const char* why_spent() const;

  /// Call it in every loop that can be long, with the bytes that the step copies or reads.
  void spend(std::size_t bytes = 0) {
    spent_ += bytes + step;
    if (spent_ >= look_after) look();
  }
  /// Call it before that many bytes are allocated at once.
  void expect(std::size_t bytes) const;

 private:
  /// What a small step costs, in the bytes that could be copied meanwhile.
  static constexpr std::size_t step = 1024;
  static constexpr std::size_t look_after = 64 * step;

  void look();
  bool would_exceed(std::size_t bytes) const;

  Clock::time_point deadline_ = Clock::time_point::max();
  std::size_t memory_bytes_ = SIZE_MAX;
  std::size_t search_bytes_ = SIZE_MAX;
  std::size_t held_before_ = 0;
  const std::atomic<bool>* is_moot_ = nullptr;
  std::size_t spent_ = 0;
  std::size_t spent_since_memory_ = 0;
  Clock::time_point next_look_at_memory_{};
};

}  // namespace sunder::checker
