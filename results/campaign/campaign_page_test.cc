#include "results/campaign/campaign_page.h"

#include <gmock/gmock.h>

#include "results/campaign/sample_runs_test.h"

namespace sunder::results {
namespace {

using checker::Validity;
using testing::HasSubstr;
using testing::Not;

TEST(CampaignPage, holds_what_the_table_says) {
  auto earlier = campaign_of({judged_run("", 1, Validity::invalid)});
  earlier.id = "20261124T000000Z";
  const auto campaign =
      campaign_of({judged_run("", 1, Validity::valid, "kill"), judged_run("", 2, Validity::invalid),
                   judged_run("A2", 1, Validity::valid)});
  const auto page = render_campaign_page(campaign, std::vector{earlier});
  EXPECT_THAT(page, HasSubstr(R"("result":"invalid")"));
  EXPECT_THAT(page, HasSubstr(R"("cells":[{"valid":1},{"invalid":1}])"));
  EXPECT_THAT(page, HasSubstr(R"("first_seen":"20261124T000000Z","new":false)"));
  EXPECT_THAT(page, HasSubstr(R"("trend":[{"id":"20261124T000000Z","result":"invalid")"));
  EXPECT_THAT(page, HasSubstr(R"("mutants":["A2"])"));
}

TEST(CampaignPage, no_text_becomes_markup) {
  auto run = judged_run("", 1, Validity::invalid);
  run.outcome->sentence = "</script><b>";
  EXPECT_THAT(render_campaign_page(campaign_of({run}), {}), Not(HasSubstr("<b>")));
}

}  // namespace
}  // namespace sunder::results
