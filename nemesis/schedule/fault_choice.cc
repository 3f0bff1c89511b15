#include "nemesis/schedule/fault_choice.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sunder::nemesis {
namespace {

bool needs_disks(const FaultChoice& choice) {
  const auto needed = choice.option->needs(choice.refinement);
  return std::find(needed.begin(), needed.end(), Need::disks) != needed.end();
}

std::vector<FaultChoice> refined(const FaultChoice& choice) {
  std::vector<FaultChoice> all;
  for (std::string_view refinement : choice.option->refinements()) {
    all.push_back({choice.option, std::string(refinement)});
  }
  return all;
}

/// Whether the draw may choose a refinement that needs disks though the option itself does not.
bool may_need_disks(const FaultChoice& choice) {
  if (!choice.refinement.empty() || needs_disks(choice)) return false;
  const auto all = refined(choice);
  return std::any_of(all.begin(), all.end(), needs_disks);
}

std::vector<FaultChoice> every_option(bool has_faulty_disks, const TakesEffect& takes_effect) {
  std::vector<FaultChoice> choices;
  for (const NemesisOption* option : nemesis_options()) {
    const FaultChoice choice{option, ""};
    if (needs_disks(choice) && !has_faulty_disks) continue;
    if (takes_effect(option->name())) choices.push_back(choice);
  }
  return choices;
}

std::vector<FaultChoice> without_disks(const std::vector<FaultChoice>& choices) {
  std::vector<FaultChoice> diskless;
  for (const FaultChoice& choice : choices) {
    if (!may_need_disks(choice)) {
      diskless.push_back(choice);
      continue;
    }
    for (FaultChoice& one : refined(choice)) {
      if (!needs_disks(one)) diskless.push_back(std::move(one));
    }
  }
  return diskless;
}

// At least one option, four on average.
std::vector<FaultChoice> draw_swarm(std::uint64_t seed, const std::vector<FaultChoice>& all) {
  Random random(seed);
  std::vector<FaultChoice> swarm;
  for (const FaultChoice& choice : all) {
    if (random.chance(4.0 / static_cast<double>(all.size()))) swarm.push_back(choice);
  }
  if (swarm.empty()) swarm.push_back(random.one_of(all));
  return swarm;
}

FaultChoice parse_choice(std::string_view item) {
  const std::size_t colon = item.find(':');
  const std::string_view name = item.substr(0, colon);
  const NemesisOption* option = find_nemesis_option(name);
  if (option == nullptr) {
    std::vector<std::string_view> names{"none", "all", "swarm"};
    for (const NemesisOption* each : nemesis_options()) names.push_back(each->name());
    throw std::invalid_argument(
        fmt::format("unknown nemesis \"{}\"; there are {}", name, fmt::join(names, ", ")));
  }
  if (colon == std::string_view::npos) return {option, ""};
  const std::string_view refinement = item.substr(colon + 1);
  const auto allowed = option->refinements();
  if (std::find(allowed.begin(), allowed.end(), refinement) == allowed.end()) {
    throw std::invalid_argument(fmt::format("unknown refinement \"{}\" of nemesis {}; there are {}",
                                            refinement, name, fmt::join(allowed, ", ")));
  }
  return {option, std::string(refinement)};
}

std::vector<FaultChoice> parse_list(std::string_view text) {
  std::vector<FaultChoice> choices;
  while (true) {
    const std::size_t comma = text.find(',');
    FaultChoice choice = parse_choice(text.substr(0, comma));
    if (std::find(choices.begin(), choices.end(), choice) != choices.end()) {
      throw std::invalid_argument(
          fmt::format("nemesis \"{}\" is named twice", text.substr(0, comma)));
    }
    choices.push_back(std::move(choice));
    if (comma == std::string_view::npos) return choices;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

bool is_composite(std::string_view nemesis) {
  return nemesis == "all" || nemesis == "swarm";
}

std::string text_of(const FaultChoice& choice) {
  std::string text(choice.option->name());
  return choice.refinement.empty() ? text : text + ":" + choice.refinement;
}

std::vector<FaultChoice> parse_nemeses(std::string_view text, std::optional<std::uint64_t> seed,
                                       const std::function<bool()>& has_faulty_disks,
                                       const TakesEffect& takes_effect) {
  if (text.empty() || text == "none") return {};
  if (text == "swarm" && !seed) {
    throw std::invalid_argument("nemesis \"swarm\" is drawn from a seed: give one");
  }
  std::vector<FaultChoice> choices;
  if (!is_composite(text)) {
    choices = parse_list(text);
    if (std::none_of(choices.begin(), choices.end(), may_need_disks)) return choices;
  }
  const bool has_disks = has_faulty_disks();
  if (text == "all") choices = every_option(has_disks, takes_effect);
  if (text == "swarm") choices = draw_swarm(*seed, every_option(has_disks, takes_effect));
  return has_disks ? choices : without_disks(choices);
}

}  // namespace sunder::nemesis
