#include "harness/shrink/sequential_decision.h"

#include <algorithm>
#include <cmath>

namespace sunder::harness::shrink {

SequentialDecision::SequentialDecision(double wanted_rate, double unwanted_rate, double error)
    : by_failure_(std::log(wanted_rate / unwanted_rate)),
      by_success_(std::log((1 - wanted_rate) / (1 - unwanted_rate))),
      threshold_(std::log((1 - error) / error)) {}

void SequentialDecision::note(bool failed) {
  evidence_ += failed ? by_failure_ : by_success_;
}

Decision SequentialDecision::decision() const {
  if (evidence_ >= threshold_) return Decision::often_enough;
  return evidence_ <= -threshold_ ? Decision::too_rarely : Decision::open;
}

SequentialDecision SequentialDecision::against(double rate) {
  constexpr double error = 0.1;
  const double wanted = std::clamp(rate, 0.1, 0.9);
  return {wanted, wanted / 2, error};
}

}  // namespace sunder::harness::shrink
