#pragma once
// Small random histories for differential tests, the same for the same seed everywhere.
// A history is played against a real object and then, in most cases, spoiled: an answer is changed,
// an operation crashes. So near misses are common and both verdicts are frequent.

#include <cstdint>
#include <string>
#include <vector>

#include "checker/history/operation.h"

namespace sunder::checker {

/// splitmix64: the standard library's distributions differ between implementations.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  /// In [0, bound).
  int below(int bound) { return static_cast<int>(next() % static_cast<std::uint64_t>(bound)); }
  bool chance(int percent) { return below(100) < percent; }

 private:
  std::uint64_t state_;
};

struct Shape {
  int operations = 7;
  int clients = 3;
  int crash_percent = 15;
  int spoil_percent = 80;
  /// 0: written values are unique. Otherwise they are below this.
  int domain = 0;
};

/// One object under play.
class Player {
 public:
  virtual ~Player() = default;
  /// Fills in what is asked for: `f` and `argument`.
  virtual void ask(history::Operation& operation) = 0;
  /// Lets it happen: `result`, or the outcome `fail`.
  virtual void answer(history::Operation& operation) = 0;
  /// Makes an answer wrong, perhaps.
  virtual void spoil(history::Operation& operation) = 0;
};

/// Clients play against the object: invocations, effects and returns come in any order.
std::vector<history::Operation> random_history(Random& random, const Shape& shape, Player& player);

/// Reads, writes and cas of one register.
std::vector<history::Operation> random_register_history(Random& random, const Shape& shape);

/// How many histories each differential test compares: 10,000, under a sanitizer 1,000, or as many
/// as the environment variable SUNDER_HISTORIES says.
int differential_histories();

/// Every crashed operation may take effect up to some event behind it, or never.
void let_crashed_lapse(Random& random, std::vector<history::Operation>& operations);

/// One operation a line, for a failed test's message.
std::string to_text(const std::vector<history::Operation>& operations);

}  // namespace sunder::checker
