#include "checker/verdict.h"

#include "checker/invariant.h"

namespace sunder::checker {

std::string_view name_of(Validity validity) {
  switch (validity) {
    case Validity::valid:
      return "valid";
    case Validity::unknown:
      return "unknown";
    case Validity::invalid:
      return "invalid";
  }
  CHECK(false, "validity {}", static_cast<int>(validity));
}

Verdict combine(std::vector<CheckResult> checks) {
  if (checks.empty()) return {Validity::unknown, "nothing was checked", {}};
  const CheckResult* worst = &checks.front();
  for (const auto& check : checks) {
    if (check.validity > worst->validity) worst = &check;
  }
  Verdict verdict{worst->validity, worst->message, {}};
  verdict.checks = std::move(checks);
  return verdict;
}

}  // namespace sunder::checker
