#include "results/report/report.h"

#include <nlohmann/json.hpp>

#include "results/page/document.h"
#include "results/report/report_data.h"

namespace sunder::results {

std::string render_report(const ReportInput& input) {
  return page_document("report.js", report_data(input));
}

}  // namespace sunder::results
