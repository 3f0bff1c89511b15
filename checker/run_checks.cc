#include "checker/run_checks.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

namespace sunder::checker {

CheckResult check_operations_succeeded(const std::vector<history::Operation>& operations) {
  const auto succeeded = std::count_if(
      operations.begin(), operations.end(),
      [](const auto& operation) { return operation.outcome == history::Outcome::ok; });
  CheckResult result;
  result.name = "operations succeeded";
  result.procedure = "counting";
  if (succeeded == 0) {
    result.validity = Validity::unknown;
    result.message = fmt::format("none of {} operations succeeded", operations.size());
  } else {
    result.message = fmt::format("{} of {} operations succeeded", succeeded, operations.size());
  }
  return result;
}

CheckResult check_answers_judged(const std::vector<history::Operation>& operations,
                                 std::size_t left_out) {
  const auto succeeded = static_cast<std::size_t>(std::count_if(
      operations.begin(), operations.end(),
      [](const auto& operation) { return operation.outcome == history::Outcome::ok; }));
  CheckResult result;
  result.name = "answers judged";
  result.procedure = "counting";
  if (succeeded == left_out) result.validity = Validity::unknown;
  result.message = fmt::format("{} of {} answers were judged", succeeded - left_out, succeeded);
  if (left_out > 0) result.message += fmt::format("; {} reads have no value", left_out);
  return result;
}

std::vector<std::string> kinds_not_injected(const std::vector<std::string>& asked,
                                            const std::vector<std::string>& injected) {
  std::vector<std::string> missing;
  for (const auto& kind : asked) {
    const bool happened = std::find(injected.begin(), injected.end(), kind) != injected.end();
    if (!happened && std::find(missing.begin(), missing.end(), kind) == missing.end()) {
      missing.push_back(kind);
    }
  }
  return missing;
}

CheckResult check_faults_injected(const std::vector<std::string>& asked,
                                  const std::vector<std::string>& injected,
                                  std::vector<history::Time> delays, MustHappen must_happen) {
  CheckResult result;
  result.name = "faults injected";
  result.procedure = "counting";
  const auto missing = kinds_not_injected(asked, injected);
  const bool is_enough = missing.empty() || (must_happen == MustHappen::any && !injected.empty());
  if (is_enough) {
    result.message = asked.empty() ? std::string("no faults were requested")
                                   : fmt::format("{} faults were injected", injected.size());
    if (!delays.empty()) {
      const auto middle = delays.begin() + static_cast<std::ptrdiff_t>(delays.size() / 2);
      std::nth_element(delays.begin(), middle, delays.end());
      result.message +=
          fmt::format(", {} of them {:.2f} ms after their trigger (median)", delays.size(),
                      std::chrono::duration<double, std::milli>(*middle).count());
    }
    if (!missing.empty()) {
      result.message += fmt::format("; no moment was found for: {}", fmt::join(missing, ", "));
    }
  } else {
    result.validity = Validity::unknown;
    result.message =
        fmt::format("requested faults that never happened: {}", fmt::join(missing, ", "));
  }
  return result;
}

CheckResult check_nodes_stayed_up(const std::vector<NodeExit>& exits) {
  CheckResult result;
  result.name = "nodes stayed up";
  result.procedure = "counting";
  if (exits.empty()) {
    result.message = "no node exited by itself";
    return result;
  }
  result.validity = Validity::invalid;
  const auto& first = exits.front();
  result.message = fmt::format("{} exited by itself with {} after {:.3f} s", first.node, first.how,
                               std::chrono::duration<double>(first.time).count());
  if (exits.size() > 1) {
    result.message += fmt::format(", and {} more exits", exits.size() - 1);
  }
  for (const auto& exit : exits) {
    result.evidence.push_back({exit.time, exit.node, 0, 0, "exited by itself with " + exit.how});
  }
  return result;
}

}  // namespace sunder::checker
