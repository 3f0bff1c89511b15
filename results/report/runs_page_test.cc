#include "results/report/runs_page.h"

#include <vector>

#include <gmock/gmock.h>

namespace sunder::results {
namespace {

using testing::HasSubstr;
using testing::Not;

RunSummary run(std::string label) {
  RunSummary summary;
  summary.label = std::move(label);
  summary.validity = checker::Validity::invalid;
  summary.sentence = "client 3 read 17 after client 5's write of 21 had returned";
  summary.files = {"report.html", "trace/n1.jsonl"};
  summary.seed = 7;
  return summary;
}

TEST(RunsPage, each_run_is_in_the_page_with_its_files) {
  const std::vector<RunSummary> runs = {run("register/20261124T045318Z-7")};
  const std::string page = render_runs_page(runs, {});
  EXPECT_THAT(page, HasSubstr(R"("label":"register/20261124T045318Z-7")"));
  EXPECT_THAT(page, HasSubstr(R"("validity":"invalid")"));
  EXPECT_THAT(page, HasSubstr(R"("files":["report.html","trace/n1.jsonl"])"));
}

TEST(RunsPage, a_run_in_progress_has_no_validity) {
  std::vector<RunSummary> runs = {run("a/b")};
  runs.front().validity.reset();
  EXPECT_THAT(render_runs_page(runs, {}), HasSubstr(R"("validity":null)"));
}

TEST(RunsPage, campaigns_are_in_it_too) {
  CampaignSummary campaign;
  campaign.label = "nightly/20261125T211500Z";
  campaign.result = CampaignResult::failed;
  const std::string page = render_runs_page({}, std::vector{campaign});
  EXPECT_THAT(page, HasSubstr(R"("label":"nightly/20261125T211500Z")"));
  EXPECT_THAT(page, HasSubstr(R"("result":"failed")"));
}

TEST(RunsPage, no_name_becomes_markup) {
  const std::vector<RunSummary> runs = {run("</script><b>/x")};
  EXPECT_THAT(render_runs_page(runs, {}), Not(HasSubstr("<b>")));
}

}  // namespace
}  // namespace sunder::results
