// Writes the pages of a made-up run and its history, to be looked at and to be tested in a browser:
//
//   sunder_sample_page (valid|stale-read|two-leaders|stale-transaction|no-operations)
//                      OPERATIONS FOLDER
//
// leaves report.html, history.jsonl, live.html (which listens at "events"), runs.html and
// campaign.html there.

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "checker/history/jsonl.h"
#include "results/campaign/campaign_page.h"
#include "results/campaign/sample_runs_test.h"
#include "results/page/sample/sample_run.h"
#include "results/report/live_page.h"
#include "results/report/runs_page.h"
#include "results/store/run_store.h"

namespace {

using sunder::results::SampleKind;

const std::map<std::string, SampleKind> kinds = {
    {"valid", SampleKind::valid},
    {"stale-read", SampleKind::stale_read},
    {"two-leaders", SampleKind::two_leaders},
    {"stale-transaction", SampleKind::stale_transaction},
    {"no-operations", SampleKind::no_operations}};

sunder::results::CampaignSummary campaign_summary() {
  sunder::results::CampaignSummary campaign;
  campaign.label = "nightly/20261123T021700Z";
  campaign.started = "2026-11-23 02:17:00";
  campaign.systems = "raft";
  campaign.workloads = "register";
  campaign.nemeses = "kill, partition";
  campaign.runs = campaign.carried_out = 8;
  campaign.sentence = "8 of 8 runs of the correct node are valid";
  campaign.seconds = 88;
  campaign.files = {"campaign.html", "campaign.json", "junit.xml"};
  return campaign;
}

/// One that broke, mutants that were found and missed, and one before it.
std::string campaign_page() {
  using sunder::checker::Validity;
  using namespace sunder::results;
  const std::vector earlier = {campaign_of({judged_run("", 1, Validity::valid)})};
  Campaign campaign =
      campaign_of({judged_run("", 1, Validity::valid), judged_run("", 2, Validity::invalid, "kill"),
                   judged_run("A1", 1, Validity::invalid), judged_run("R1", 1, Validity::valid),
                   planned_run("R1", 2)});
  campaign.id = "20261126T211500Z";
  return render_campaign_page(campaign, earlier);
}

/// A list of the sample, of a run that is still going on, and of a campaign.
std::string runs_page_of(const sunder::results::ReportInput& input) {
  sunder::results::RunSummary ended;
  ended.label = input.label;
  ended.started = "2026-11-24 04:53:18";
  ended.system = "raft";
  ended.workload = "register";
  ended.nemesis = "kill, pause, partition";
  ended.seed = 7;
  ended.validity = input.verdict.validity;
  ended.sentence = input.verdict.sentence;
  ended.duration = input.statistics.duration;
  ended.operations = input.statistics.total;
  ended.files = {"history.jsonl", "log/n1.log", "report.html", "trace/n1.jsonl", "verdict.json"};
  sunder::results::RunSummary running = ended;
  running.label = "append/20261124T050000Z-8";
  running.started = "2026-11-24 05:00:00";
  running.workload = "append";
  running.seed = 8;
  running.in_progress = true;
  running.validity.reset();
  running.sentence.clear();
  running.operations = {};
  running.files = {"history.jsonl", "plan.json"};
  return sunder::results::render_runs_page(std::vector{running, ended},
                                           std::vector{campaign_summary()});
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4 || !kinds.contains(arguments[1])) {
    fmt::print(stderr,
               "usage: {} (valid|stale-read|two-leaders|stale-transaction|no-operations) "
               "OPERATIONS FOLDER\n",
               arguments[0]);
    return 254;
  }
  const std::filesystem::path folder = arguments[3];
  std::filesystem::create_directories(folder);
  const sunder::results::SampleRun run(kinds.at(arguments[1]),
                                       std::strtoull(arguments[2], nullptr, 10), 7);
  std::string history;
  for (const auto& event : run.events()) {
    sunder::history::append_json_line(history, event);
  }
  sunder::results::write_whole_file(folder / "history.jsonl", history);
  sunder::results::write_whole_file(folder / "report.html",
                                    sunder::results::render_report(run.input));
  sunder::results::write_whole_file(folder / "live.html",
                                    sunder::results::render_live_page(run.input.label, "events"));
  sunder::results::write_whole_file(folder / "runs.html", runs_page_of(run.input));
  sunder::results::write_whole_file(folder / "campaign.html", campaign_page());
  return 0;
}
