#include "results/campaign/campaign.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sunder::results {

std::string_view name_of(Ending ending) {
  switch (ending) {
    case Ending::judged:
      return "judged";
    case Ending::crashed:
      return "crashed";
    case Ending::hung:
      break;
  }
  return "hung";
}

std::string key_of(const CampaignRun& run) {
  std::string key =
      fmt::format("{}{}-{}-{}", run.canary ? "canary-" : "", run.system, run.workload, run.nemesis);
  if (!run.mutant.empty()) key += "-" + run.mutant;
  key += fmt::format("-{}", run.seed);
  if (run.repetition > 0) key += fmt::format("-{}", run.repetition);
  for (char& c : key) {
    if (c == ',') c = '+';
    // What some file systems and archives of CI systems do not take.
    if (c == '/' || c == ' ' || c == ':') c = '.';
  }
  return key;
}

std::string command_of(const CampaignRun& run) {
  return fmt::format("sunder run {}", fmt::join(run.arguments, " "));
}

}  // namespace sunder::results
