#include "results/report/live_page.h"

#include <gmock/gmock.h>

namespace sunder::results {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(LivePage, it_knows_its_run_and_where_the_events_come_from) {
  const std::string page = render_live_page("register/20261124T045318Z-7", "events?from=<0>");
  EXPECT_THAT(page, HasSubstr(R"("label":"register/20261124T045318Z-7")"));
  EXPECT_THAT(page, HasSubstr(R"("events":"events?from=\u003c0>")"));
  EXPECT_THAT(page, HasSubstr(R"(import "#page/live.js")"));
  EXPECT_THAT(page, Not(HasSubstr("<0>")));
}

}  // namespace
}  // namespace sunder::results
