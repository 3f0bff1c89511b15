#include "results/campaign/campaign.h"

#include <functional>

#include <fmt/format.h>

#include "checker/history/brief.h"
#include "results/shell_words.h"

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

namespace {

/// Of systems and schedules that are named by paths: "./my.json", "/home/.../my.json". The end of a
/// long key says most; a digest keeps two such keys apart.
std::string as_folder_name(const std::string& key) {
  constexpr std::size_t longest = 150;
  if (key.size() > longest) {
    return fmt::format("{:016x}{}", std::hash<std::string>()(key),
                       key.substr(key.size() - longest));
  }
  return key.starts_with('.') ? "file" + key : key;
}

}  // namespace

std::string key_of(const CampaignRun& run) {
  std::string key =
      fmt::format("{}{}-{}-{}", run.canary ? "canary-" : "", run.system, run.workload, run.nemesis);
  if (!run.mutant.empty()) key += "-" + run.mutant;
  key += fmt::format("-{}", run.seed);
  if (run.repetition > 0) key += fmt::format("-{}", run.repetition);
  for (char& c : key) {
    if (c == ',') c = '+';
    // What some file systems and archives of CI systems do not take.
    if (c == '/' || c == ' ' || c == ':' || history::is_control(c)) c = '.';
  }
  return as_folder_name(key);
}

std::string command_of(const CampaignRun& run) {
  return "sunder run " + shell_words(run.arguments);
}

}  // namespace sunder::results
