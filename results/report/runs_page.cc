#include "results/report/runs_page.h"

#include <nlohmann/json.hpp>

#include "results/page/document.h"

namespace sunder::results {

using Json = nlohmann::ordered_json;

namespace {

Json json_of(const RunSummary& run) {
  return {{"label", run.label},
          {"started", run.started},
          {"in_progress", run.in_progress},
          {"system", run.system},
          {"workload", run.workload},
          {"nemesis", run.nemesis},
          {"seed", run.seed ? Json(*run.seed) : Json()},
          {"validity", run.validity ? Json(checker::name_of(*run.validity)) : Json()},
          {"sentence", run.sentence},
          {"duration", run.duration.count()},
          {"operations",
           {{"ok", run.operations.ok},
            {"refused", run.operations.refused},
            {"info", run.operations.info},
            {"fail", run.operations.fail}}},
          {"files", run.files}};
}

Json json_of(const CampaignSummary& campaign) {
  return {{"label", campaign.label},
          {"started", campaign.started},
          {"in_progress", campaign.in_progress},
          {"systems", campaign.systems},
          {"workloads", campaign.workloads},
          {"nemeses", campaign.nemeses},
          {"runs", campaign.runs},
          {"carried_out", campaign.carried_out},
          {"result", name_of(campaign.result)},
          {"sentence", campaign.sentence},
          {"seconds", campaign.seconds},
          {"files", campaign.files}};
}

}  // namespace

std::string render_runs_page(std::span<const RunSummary> runs,
                             std::span<const CampaignSummary> campaigns) {
  Json data = {{"runs", Json::array()}, {"campaigns", Json::array()}};
  for (const RunSummary& run : runs) data["runs"].push_back(json_of(run));
  for (const CampaignSummary& each : campaigns) data["campaigns"].push_back(json_of(each));
  return page_document("runs.js", data);
}

}  // namespace sunder::results
