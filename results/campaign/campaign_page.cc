#include "results/campaign/campaign_page.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "results/campaign/conclusion.h"
#include "results/campaign/findings.h"
#include "results/campaign/matrix.h"
#include "results/campaign/score.h"
#include "results/page/document.h"

namespace sunder::results {

using Json = nlohmann::ordered_json;

namespace {

constexpr std::size_t most_slowest_in_page = 10;
constexpr std::size_t most_campaigns_in_trend = 30;

/// {"valid": 3, "invalid": 1}, in the order in which tables show them.
template <typename NumberOf>
Json standings_json(const NumberOf& number_of_each) {
  Json json = Json::object();
  for (const Standing standing : all_standings()) {
    if (const std::size_t number = number_of_each(standing); number > 0) {
      json[std::string(name_of(standing))] = number;
    }
  }
  return json;
}

Json matrix_json(const Campaign& campaign) {
  const Matrix matrix = matrix_of(campaign);
  Json rows = Json::array();
  for (const auto& row : matrix.rows) {
    Json cells = Json::array();
    for (const auto& cell : row.cells) {
      cells.push_back(standings_json([&cell](Standing standing) {
        const auto found = cell.find(standing);
        return found == cell.end() ? std::size_t{0} : found->second;
      }));
    }
    rows.push_back({{"name", row.name}, {"cells", std::move(cells)}});
  }
  return {{"columns", matrix.columns}, {"rows", std::move(rows)}, {"sparse", is_sparse(matrix)}};
}

Json findings_json(const Campaign& campaign, std::span<const Campaign> earlier) {
  Json json = Json::array();
  for (const Finding& finding : findings_of(campaign, earlier)) {
    json.push_back({{"mutant", finding.mutant},
                    {"property", finding.signature.property},
                    {"shape", finding.signature.shape},
                    {"faults", finding.signature.faults},
                    {"times", finding.times},
                    {"example", finding.example},
                    {"first_seen", finding.first_seen},
                    {"new", finding.first_seen == campaign.id}});
  }
  return json;
}

Json scores_json(const Campaign& campaign) {
  Json json = Json::array();
  for (const MutantScore& score : mutant_scores(campaign)) {
    json.push_back({{"mutant", score.mutant},
                    {"runs", score.runs},
                    {"reached", score.reached},
                    {"hunts", score.hunts},
                    {"found", score.found},
                    {"by", score.by},
                    {"faults", score.faults},
                    {"median", score.median_seconds ? Json(*score.median_seconds) : Json()}});
  }
  return json;
}

Json trend_point(const Campaign& campaign) {
  const auto scores = mutant_scores(campaign);
  const auto found = std::count_if(scores.begin(), scores.end(),
                                   [](const auto& score) { return score.found > 0; });
  return {{"id", campaign.id},
          {"result", name_of(conclusion_of(campaign).result)},
          {"standings", standings_json([&campaign](Standing standing) {
             return number_of(campaign, standing);
           })},
          {"mutants", scores.size()},
          {"mutants_found", found},
          {"seconds", campaign.seconds}};
}

Json trend_json(const Campaign& campaign, std::span<const Campaign> earlier) {
  const std::size_t shown = std::min(earlier.size(), most_campaigns_in_trend - 1);
  Json json = Json::array();
  for (const Campaign& each : earlier.last(shown)) json.push_back(trend_point(each));
  json.push_back(trend_point(campaign));
  return json;
}

Json runs_json(const Campaign& campaign) {
  Json json = Json::array();
  for (const CampaignRun& run : campaign.runs) {
    json.push_back({{"standing", name_of(standing_of(run))},
                    {"system", run.system},
                    {"workload", run.workload},
                    {"nemesis", run.nemesis},
                    {"mutant", run.mutant},
                    {"seed", run.seed},
                    {"canary", run.canary},
                    {"command", command_of(run)},
                    {"sentence", run.outcome ? run.outcome->sentence : ""},
                    {"seconds", run.outcome ? run.outcome->seconds : 0},
                    {"folder", run.outcome ? run.outcome->folder : ""}});
  }
  return json;
}

}  // namespace

std::string render_campaign_page(const Campaign& campaign, std::span<const Campaign> earlier) {
  const Conclusion conclusion = conclusion_of(campaign);
  const NeverReached never = never_reached(campaign);
  const Json data = {
      {"name", campaign.name},
      {"id", campaign.id},
      {"result", name_of(conclusion.result)},
      {"sentence", conclusion.sentence},
      {"reasons", conclusion.reasons},
      {"remarks", conclusion.remarks},
      {"spec", campaign.spec},
      {"seconds", campaign.seconds},
      {"jobs", campaign.jobs},
      {"shard",
       campaign.shards > 1 ? fmt::format("{} of {}", campaign.shard, campaign.shards) : ""},
      {"matrix", matrix_json(campaign)},
      {"findings", findings_json(campaign, earlier)},
      {"mutants", scores_json(campaign)},
      {"trend", trend_json(campaign, earlier)},
      {"states", distinct_states(campaign)},
      {"never",
       {{"events", never.events},
        {"situations", never.situations},
        {"faults", never.faults},
        {"mutants", never.mutants}}},
      {"slowest", slowest_runs(campaign, most_slowest_in_page)},
      {"runs", runs_json(campaign)}};
  return page_document("campaign.js", data);
}

}  // namespace sunder::results
