#include "results/runs_page.h"

#include <nlohmann/json.hpp>

#include "results/page/document.h"

namespace sunder::results {

using Json = nlohmann::ordered_json;

namespace {

Json json_of(const RunSummary& run) {
  return {
      {"label", run.label},
      {"started", run.started},
      {"system", run.system},
      {"workload", run.workload},
      {"nemesis", run.nemesis},
      {"seed", run.seed ? Json(*run.seed) : Json()},
      {"validity", run.validity ? Json(checker::name_of(*run.validity)) : Json()},
      {"sentence", run.sentence},
      {"duration", run.duration.count()},
      {"operations",
       {{"ok", run.operations.ok}, {"info", run.operations.info}, {"fail", run.operations.fail}}},
      {"files", run.files}};
}

}  // namespace

std::string render_runs_page(std::span<const RunSummary> runs) {
  Json data = {{"runs", Json::array()}};
  for (const RunSummary& run : runs) data["runs"].push_back(json_of(run));
  return page_document("runs.js", data);
}

}  // namespace sunder::results
