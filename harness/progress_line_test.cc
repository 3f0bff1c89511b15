#include "harness/progress_line.h"

#include <gtest/gtest.h>

namespace sunder::harness {
namespace {

using std::chrono::milliseconds;

TEST(ProgressLine, shows_time_outcomes_leader_and_faults) {
  const RunProgress snapshot{milliseconds(12'340),
                             milliseconds(30'000),
                             {4512, 31, 12},
                             "n3",
                             7,
                             {"kill n2", "pause n4"},
                             ""};
  EXPECT_EQ(
      format_progress(snapshot),
      "12.3 of 30 s   4512 ok, 31 failed, 12 unknown   leader n3, term 7   kill n2, pause n4");
}

TEST(ProgressLine, says_so_when_nobody_leads_and_which_phase_it_is) {
  const RunProgress snapshot{milliseconds(0), milliseconds(30'000), {}, "", 0, {}, "healing"};
  EXPECT_EQ(format_progress(snapshot),
            "0.0 of 30 s   0 ok, 0 failed, 0 unknown   no leader   healing");
}

}  // namespace
}  // namespace sunder::harness
