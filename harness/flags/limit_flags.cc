#include "harness/flags/limit_flags.h"

#include <chrono>

#include "harness/flags/size.h"

namespace sunder::harness {

using namespace std::chrono_literals;

void describe_limit_flags(FlagSet& flags) {
  flags.value("timeout", "the verdict is unknown if the check takes longer", "60s", "TIME")
      .value("memory", "the verdict is unknown if sunder needs more memory", "4GiB", "SIZE");
}

checker::LinearizabilityOptions limits_from(const Flags& flags) {
  checker::LinearizabilityOptions limits;
  limits.budget = checker::Budget(
      std::chrono::duration_cast<std::chrono::milliseconds>(flags.duration("timeout", 1ms, 24h)),
      parse_size("--memory", flags.text("memory")), checker::Budget::Counted::whole_process);
  return limits;
}

}  // namespace sunder::harness
