#pragma once
// Decides from runs that fail or do not, as few as it takes, whether a candidate fails often enough
// (Wald's sequential test of the ratio of two likelihoods). Real processes are not deterministic:
// one run that fails may have been luck, one that does not says little.

namespace sunder::harness::shrink {

enum class Decision { open, often_enough, too_rarely };

class SequentialDecision {
 public:
  /// One that fails at `wanted_rate` is called too rare with a probability of `error` at most, and
  /// one that fails at `unwanted_rate` often enough with the same.
  SequentialDecision(double wanted_rate, double unwanted_rate, double error);

  void note(bool failed);
  Decision decision() const;

  /// For a candidate whose forerunner fails at that rate: it may fail nearly as often, but not half
  /// as often.
  static SequentialDecision against(double rate);

 private:
  double by_failure_;
  double by_success_;
  double threshold_;
  double evidence_ = 0;
};

}  // namespace sunder::harness::shrink
