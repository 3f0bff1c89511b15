#include "results/campaign/campaign_json.h"

#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "results/campaign/conclusion.h"
#include "results/json_mistake.h"

namespace sunder::results {
namespace fs = std::filesystem;
using checker::Validity;
using Json = nlohmann::ordered_json;

namespace {

/// The member as that type; throws std::runtime_error that names it.
template <typename Type>
Type member(const Json& json, const std::string& name) {
  try {
    return json.at(name).get<Type>();
  } catch (const Json::exception& error) {
    throw std::runtime_error(fmt::format("member '{}': {}", name, json_mistake(error.what())));
  }
}

/// As `member`; absent where there is null.
template <typename Type>
std::optional<Type> optional_member(const Json& json, const std::string& name) {
  if (json.contains(name) && json.at(name).is_null()) return {};
  return member<Type>(json, name);
}

/// What earlier versions did not write.
template <typename Type>
void read_if_there(const Json& json, const std::string& name, Type& value) {
  if (json.contains(name)) value = member<Type>(json, name);
}

template <typename Type>
Json or_null(const std::optional<Type>& value) {
  return value ? Json(*value) : Json();
}

/// The one of `all` whose name stands there.
template <typename Enumerator, std::size_t size>
Enumerator enumerator_of(const std::array<Enumerator, size>& all, const std::string& name,
                         const std::string& word) {
  for (const Enumerator each : all) {
    if (name_of(each) == word) return each;
  }
  throw std::runtime_error(fmt::format("member '{}': the word '{}' is not known here", name, word));
}

Json json_of(const Signature& signature) {
  return {
      {"property", signature.property}, {"shape", signature.shape}, {"faults", signature.faults}};
}

Signature signature_of(const Json& json) {
  return {member<std::string>(json, "property"), member<std::string>(json, "shape"),
          member<std::vector<std::string>>(json, "faults")};
}

Json json_of(const RunOutcome& outcome) {
  return {{"ending", name_of(outcome.ending)},
          {"validity", outcome.validity ? Json(checker::name_of(*outcome.validity)) : Json()},
          {"sentence", outcome.sentence},
          {"seconds", outcome.seconds},
          {"folder", outcome.folder},
          {"signature", outcome.signature ? json_of(*outcome.signature) : Json()},
          {"violation_at", or_null(outcome.violation_at)},
          {"operations", outcome.operations},
          {"faults", outcome.faults},
          {"injected", outcome.injected},
          {"asked", outcome.asked},
          {"events", outcome.events},
          {"situations", outcome.situations},
          {"new_states", outcome.new_states}};
}

RunOutcome run_outcome_of(const Json& json) {
  constexpr std::array endings = {Ending::judged, Ending::crashed, Ending::hung};
  constexpr std::array validities = {Validity::valid, Validity::unknown, Validity::invalid};
  RunOutcome outcome;
  outcome.ending = enumerator_of(endings, "ending", member<std::string>(json, "ending"));
  if (const auto word = optional_member<std::string>(json, "validity")) {
    outcome.validity = enumerator_of(validities, "validity", *word);
  }
  outcome.sentence = member<std::string>(json, "sentence");
  outcome.seconds = member<double>(json, "seconds");
  outcome.folder = member<std::string>(json, "folder");
  if (const auto signature = optional_member<Json>(json, "signature")) {
    outcome.signature = signature_of(*signature);
  }
  outcome.violation_at = optional_member<double>(json, "violation_at");
  outcome.operations = member<std::uint64_t>(json, "operations");
  outcome.faults = member<std::uint64_t>(json, "faults");
  outcome.injected = member<std::vector<std::string>>(json, "injected");
  outcome.events = member<std::vector<std::string>>(json, "events");
  read_if_there(json, "asked", outcome.asked);
  read_if_there(json, "situations", outcome.situations);
  read_if_there(json, "new_states", outcome.new_states);
  return outcome;
}

Json json_of(const CampaignRun& run) {
  return {{"system", run.system},
          {"workload", run.workload},
          {"nemesis", run.nemesis},
          {"mutant", run.mutant},
          {"seed", run.seed},
          {"first_seed", run.first_seed},
          {"repetition", run.repetition},
          {"canary", run.canary},
          {"known_bad", run.known_bad},
          {"arguments", run.arguments},
          {"expected_seconds", run.expected_seconds},
          {"outcome", run.outcome ? json_of(*run.outcome) : Json()}};
}

CampaignRun run_of(const Json& json) {
  CampaignRun run;
  run.system = member<std::string>(json, "system");
  run.workload = member<std::string>(json, "workload");
  run.nemesis = member<std::string>(json, "nemesis");
  run.mutant = member<std::string>(json, "mutant");
  run.seed = member<std::uint64_t>(json, "seed");
  run.first_seed = run.seed;
  read_if_there(json, "first_seed", run.first_seed);
  read_if_there(json, "repetition", run.repetition);
  run.canary = member<bool>(json, "canary");
  read_if_there(json, "known_bad", run.known_bad);
  run.arguments = member<std::vector<std::string>>(json, "arguments");
  run.expected_seconds = member<double>(json, "expected_seconds");
  if (const auto outcome = optional_member<Json>(json, "outcome")) {
    run.outcome = run_outcome_of(*outcome);
  }
  return run;
}

void read_shard(Campaign& campaign, const std::string& text) {
  unsigned long shard = 0;
  unsigned long shards = 0;
  const auto slash = text.find('/');
  try {
    shard = std::stoul(text.substr(0, slash));
    shards = slash == std::string::npos ? 0 : std::stoul(text.substr(slash + 1));
  } catch (const std::logic_error&) {
    shard = 0;
  }
  if (shard < 1 || shard > shards) {
    throw std::runtime_error(fmt::format("member 'shard': '{}' is none, such as 1/4", text));
  }
  campaign.shard = static_cast<unsigned>(shard);
  campaign.shards = static_cast<unsigned>(shards);
}

Campaign campaign_of(const Json& json) {
  Campaign campaign;
  campaign.name = member<std::string>(json, "name");
  campaign.id = member<std::string>(json, "id");
  campaign.spec = member<Json>(json, "spec").dump();
  campaign.seconds = member<double>(json, "seconds");
  campaign.jobs = member<unsigned>(json, "jobs");
  read_shard(campaign, member<std::string>(json, "shard"));
  campaign.matrix_runs = member<std::size_t>(json, "matrix_runs");
  campaign.vocabulary = member<std::vector<std::string>>(json, "vocabulary");
  read_if_there(json, "situations", campaign.situations);
  const Json runs = member<Json>(json, "runs");
  for (std::size_t i = 0; i < runs.size(); ++i) {
    try {
      campaign.runs.push_back(run_of(runs.at(i)));
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(fmt::format("runs[{}]: {}", i, error.what()));
    }
  }
  return campaign;
}

}  // namespace

std::string to_campaign_json(const Campaign& campaign) {
  const Conclusion conclusion = conclusion_of(campaign);
  Json runs = Json::array();
  for (const CampaignRun& run : campaign.runs) runs.push_back(json_of(run));
  const Json json = {{"name", campaign.name},
                     {"id", campaign.id},
                     {"spec", Json::parse(campaign.spec)},
                     {"seconds", campaign.seconds},
                     {"jobs", campaign.jobs},
                     {"shard", fmt::format("{}/{}", campaign.shard, campaign.shards)},
                     {"matrix_runs", campaign.matrix_runs},
                     {"vocabulary", campaign.vocabulary},
                     {"situations", campaign.situations},
                     {"result", name_of(conclusion.result)},
                     {"reasons", conclusion.reasons},
                     {"runs", std::move(runs)}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Campaign parse_campaign_json(std::string_view text) {
  try {
    return campaign_of(Json::parse(text));
  } catch (const Json::exception& error) {
    throw std::runtime_error(
        fmt::format("this is no campaign.json: {}", json_mistake(error.what())));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("this is no campaign.json: {}", error.what()));
  }
}

Campaign read_campaign(const fs::path& folder) {
  const fs::path path = folder / "campaign.json";
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw std::runtime_error(fmt::format("cannot read {}", path.string()));
  try {
    return parse_campaign_json(text);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("{}: {}", path.string(), error.what()));
  }
}

}  // namespace sunder::results
