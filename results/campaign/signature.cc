#include "results/campaign/signature.h"

#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/format.h>

namespace sunder::results {

using checker::CheckResult;
using checker::Validity;
using history::Time;

namespace {

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// Behind the text or list that begins at `from`; `from` if none does or it has no end.
std::size_t end_of_value(std::string_view text, std::size_t from) {
  if (text[from] == '"') {
    const auto end = text.find('"', from + 1);
    return end == std::string_view::npos ? from : end + 1;
  }
  if (text[from] != '[') return from;
  int depth = 0;
  for (std::size_t i = from; i < text.size(); ++i) {
    if (text[i] == '[') ++depth;
    if (text[i] == ']' && --depth == 0) return i + 1;
  }
  return from;
}

/// Behind the number that begins at `from`, with its sign and fraction.
std::size_t end_of_number(std::string_view text, std::size_t from) {
  std::size_t i = from;
  const bool behind_a_word =
      from > 0 && std::isalnum(static_cast<unsigned char>(text[from - 1])) != 0;
  if (text[i] == '-' && !behind_a_word) ++i;
  if (i >= text.size() || !is_digit(text[i])) return from;
  while (i < text.size() &&
         (is_digit(text[i]) || (text[i] == '.' && i + 1 < text.size() && is_digit(text[i + 1])))) {
    ++i;
  }
  return i;
}

std::string without_particulars(std::string_view sentence) {
  std::string shape;
  for (std::size_t i = 0; i < sentence.size();) {
    const std::size_t end = std::max(end_of_value(sentence, i), end_of_number(sentence, i));
    if (end > i) {
      shape += '#';
      i = end;
    } else {
      shape += sentence[i++];
    }
  }
  return shape;
}

/// "k# (never answered), k# (never answered); n# led" as "k# (never answered); n# led".
std::string without_repetition(std::string_view list) {
  std::string text;
  std::string_view last;
  for (std::size_t from = 0; from <= list.size();) {
    const std::size_t end = std::min({list.find(", ", from), list.find("; ", from), list.size()});
    const std::string_view part = list.substr(from, end - from);
    // The first of a list has what the list is about in front of it.
    if (from == 0 || !last.ends_with(part)) {
      if (from > 0) text += list.substr(from - 2, 2);
      text += part;
    }
    last = part;
    from = end + 2;
  }
  return text;
}

struct Moment {
  Time from{0};
  Time until{0};
};

/// What rules out the level that the check is about. Null if it is about none.
const checker::isolation::ShownAnomaly* broken_by(const CheckResult& check) {
  if (!check.isolation) return nullptr;
  const auto* claimed = finding_on(check.isolation->claimed, *check.isolation);
  const bool is_broken =
      claimed != nullptr && claimed->finding == checker::isolation::Finding::ruled_out;
  return is_broken ? &check.isolation->anomalies.at(claimed->anomaly) : nullptr;
}

std::optional<Moment> moment_of(const CheckResult& check) {
  if (check.counterexample && !check.counterexample->operations.empty()) {
    const auto& culprit = check.counterexample->operations[check.counterexample->culprit];
    return Moment{culprit.invoked_at, std::max(culprit.invoked_at, culprit.returned_at)};
  }
  if (const auto* anomaly = broken_by(check)) {
    Moment moment;
    for (const auto& each : anomaly->transactions) {
      moment.until = std::max({moment.until, each.invoked_at, each.returned_at});
    }
    moment.from = moment.until;
    return moment;
  }
  if (check.evidence.empty()) return {};
  Time last{0};
  for (const auto& evidence : check.evidence) last = std::max(last, evidence.time);
  return Moment{last, last};
}

std::vector<std::string> active_at(const Moment& moment, std::span<const FaultWindow> faults) {
  std::set<std::string> kinds;
  for (const FaultWindow& fault : faults) {
    if (!fault.is_fault) continue;
    const bool over = fault.until && *fault.until + fault_aftermath < moment.from;
    if (fault.from <= moment.until && !over) kinds.insert(fault.kind);
  }
  return {kinds.begin(), kinds.end()};
}

}  // namespace

std::string shape_of(std::string_view sentence) {
  // How many more there are is no part of what one of them is.
  for (const std::string_view tail : {" (and ", "; ", ", and "}) {
    const auto more = sentence.rfind(tail);
    if (more == std::string_view::npos || !is_digit(sentence[more + tail.size()])) continue;
    sentence = sentence.substr(0, more);
  }
  return without_repetition(without_particulars(sentence));
}

std::string shape_of(const checker::Counterexample& counterexample) {
  constexpr std::string_view witness = " after client #";
  std::string shape = shape_of(std::string_view(counterexample.sentence));
  const auto from = shape.find(witness);
  if (from == std::string::npos) return shape;
  const auto consequence = std::min(shape.find(": ", from), shape.size());
  return shape.replace(from, consequence - from, " after a newer value");
}

namespace {

std::string broken_shape_of(const CheckResult& check) {
  if (const auto* anomaly = broken_by(check)) {
    return fmt::format("{} is ruled out by {}", name_of(check.isolation->claimed), anomaly->name);
  }
  return check.counterexample ? shape_of(*check.counterexample) : shape_of(check.message);
}

}  // namespace

bool is_broken_alike(const checker::Verdict& verdict, const Signature& signature) {
  return std::any_of(verdict.checks.begin(), verdict.checks.end(), [&](const CheckResult& check) {
    return check.validity == Validity::invalid && check.name == signature.property &&
           broken_shape_of(check) == signature.shape;
  });
}

std::optional<Violation> violation_of(const checker::Verdict& verdict,
                                      std::span<const FaultWindow> faults) {
  for (const CheckResult& check : verdict.checks) {
    if (check.validity != Validity::invalid) continue;
    const auto moment = moment_of(check);
    Violation violation;
    violation.signature.property = check.name;
    violation.signature.shape = broken_shape_of(check);
    if (moment) {
      violation.signature.faults = active_at(*moment, faults);
      violation.at = moment->until;
    }
    return violation;
  }
  return {};
}

}  // namespace sunder::results
