#include "harness/progress_line.h"

#include <gtest/gtest.h>

namespace sunder::harness {
namespace {

using std::chrono::milliseconds;

TEST(ProgressLine, shows_time_outcomes_leader_and_faults) {
  const RunProgress snapshot{milliseconds(12'340),
                             milliseconds(30'000),
                             {4512, 90, 31, 12},
                             "n3",
                             7,
                             {"kill n2", "pause n4"},
                             ""};
  EXPECT_EQ(format_progress(snapshot),
            "12.3 of 30 s   4512 ok, 90 refused, 12 info, 31 fail   leader n3, term 7   kill n2, "
            "pause n4");
}

TEST(ProgressLine, says_so_when_nobody_leads_and_which_phase_it_is) {
  const RunProgress snapshot{milliseconds(0), milliseconds(30'000), {}, "", 0, {}, "healing"};
  EXPECT_EQ(format_progress(snapshot), "0.0 of 30 s   0 ok, 0 info, 0 fail   no leader   healing");
}

}  // namespace
}  // namespace sunder::harness
