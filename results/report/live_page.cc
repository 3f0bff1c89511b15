#include "results/report/live_page.h"

#include <nlohmann/json.hpp>

#include "results/page/document.h"
#include "results/report/report_data.h"

namespace sunder::results {

std::string render_live_page(const std::string& label, const std::string& events) {
  ReportInput nothing_yet;
  nothing_yet.label = label;
  nlohmann::ordered_json data = report_data(nothing_yet);
  data["events"] = events;
  return page_document("live.js", data);
}

}  // namespace sunder::results
