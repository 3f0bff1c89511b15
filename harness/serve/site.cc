#include "harness/serve/site.h"

#include <span>
#include <vector>

#include "harness/serve/request_path.h"
#include "harness/serve/served_file.h"
#include "results/campaign/campaign_list.h"
#include "results/report/live_page.h"
#include "results/report/runs_page.h"
#include "results/store/run_list.h"

namespace sunder::harness::serve {
namespace fs = std::filesystem;

namespace {

using Names = std::span<const std::string>;

Answer file_in(const fs::path& folder, Names names) {
  const auto path = path_within(folder, names);
  if (!path || !fs::is_regular_file(*path)) return NotFound{};
  return File{*path};
}

/// `names` are the run's two, and maybe "events".
Answer live(const Site& site, Names names) {
  const bool is_events = names.size() == 3 && names.back() == "events";
  if (names.size() != 2 && !is_events) return NotFound{};
  const Names run = names.first(2);
  const auto folder = path_within(site.runs_dir, run);
  if (!folder || !results::holds_a_run(*folder)) return NotFound{};
  if (is_events) {
    return Events{results::RunStore::open(*folder),
                  address_of(std::vector<std::string>{"runs", run[0], run[1], "report.html"})};
  }
  const auto events = address_of(std::vector<std::string>{"live", run[0], run[1], "events"});
  return Page{results::render_live_page(run[0] + "/" + run[1], events)};
}

}  // namespace

Answer answer_to(const Site& site, std::string_view target) {
  const auto path = request_path(target);
  if (!path) return NotFound{};
  if (path->empty()) {
    return Page{results::render_runs_page(results::list_runs(site.runs_dir),
                                          results::list_campaigns(site.campaigns_dir))};
  }
  const std::string& part = path->front();
  const Names rest = Names(*path).subspan(1);
  if (part == "runs") return file_in(site.runs_dir, rest);
  if (part == "campaigns") return file_in(site.campaigns_dir, rest);
  if (part == "live") return live(site, rest);
  return NotFound{};
}

}  // namespace sunder::harness::serve
