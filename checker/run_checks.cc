#include "checker/run_checks.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/history/brief.h"

namespace sunder::checker {

namespace {

/// "refused 37809 times: no such key; 12 times: not now"
std::string most_frequent(const std::map<std::string, std::size_t>& errors) {
  constexpr std::size_t most = 3;
  std::vector<std::pair<std::size_t, std::string_view>> by_number;
  for (const auto& [error, times] : errors) by_number.emplace_back(times, error);
  std::stable_sort(by_number.begin(), by_number.end(),
                   [](const auto& left, const auto& right) { return left.first > right.first; });
  by_number.resize(std::min(by_number.size(), most));
  std::vector<std::string> parts;
  for (const auto& [times, error] : by_number) {
    parts.push_back(fmt::format("{} times: {}", times, history::brief_text(error)));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace

bool is_every_answer_a_refusal(const history::History& history) {
  bool is_any_refused = false;
  for (const auto& operation : history.operations) {
    if (history::is_answered(operation) || history::says_what_it_found(operation)) return false;
    is_any_refused = is_any_refused || operation.outcome == history::Outcome::fail;
  }
  return is_any_refused;
}

CheckResult check_operations_succeeded(const history::History& history) {
  const auto& operations = history.operations;
  const auto succeeded = std::count_if(
      operations.begin(), operations.end(),
      [](const auto& operation) { return operation.outcome == history::Outcome::ok; });
  CheckResult result;
  result.name = "operations succeeded";
  result.procedure = "counting";
  if (succeeded == 0) {
    result.validity = Validity::unknown;
    result.message = fmt::format("none of {} operations succeeded", operations.size());
    if (!history.errors.empty()) result.message += "; " + most_frequent(history.errors);
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
