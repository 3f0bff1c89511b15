#include "harness/flags/jobs.h"

#include <algorithm>
#include <thread>

namespace sunder::harness {

void describe_jobs(FlagSet& flags) {
  flags.value("jobs", "runs at a time (default: the number of cores)", "", "N");
}

unsigned jobs_from(const Flags& flags) {
  if (flags.given("jobs")) return static_cast<unsigned>(flags.integer("jobs", 1, 1000));
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace sunder::harness
