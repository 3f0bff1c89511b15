#include "harness/campaign/jobs.h"

#include <algorithm>

namespace sunder::harness::campaign {

unsigned usual_jobs(unsigned cores) {
  return std::max(1U, cores / 2);
}

}  // namespace sunder::harness::campaign
