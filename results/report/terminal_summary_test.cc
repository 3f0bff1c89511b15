#include "results/report/terminal_summary.h"

#include <gmock/gmock.h>

#include "results/page/sample/sample_run.h"

namespace sunder::results {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string summary_of(SampleKind kind, bool colour = false) {
  const SampleRun run(kind, 1000, 1);
  return terminal_summary(run.input.verdict, run.input.statistics, colour);
}

TEST(TerminalSummary, the_verdict_and_its_sentence_come_first) {
  EXPECT_THAT(
      summary_of(SampleKind::stale_read),
      StartsWith("✕ invalid  client 3 read 17 after client 5's write of 21 had returned\n"));
  EXPECT_THAT(summary_of(SampleKind::valid), StartsWith("✓ valid  "));
  EXPECT_THAT(summary_of(SampleKind::no_operations), StartsWith("? unknown  no operation"));
}

TEST(TerminalSummary, the_counterexample_is_drawn_in_the_order_of_events) {
  EXPECT_THAT(summary_of(SampleKind::stale_read),
              HasSubstr("  client 7   write 17   ├───┤\n"
                        "  client 12  write 19           ├───────────────────┄ at any time\n"
                        "  client 5   write 21               ├───┤\n"
                        "  client 3   read → 17                      ├───┤  ✕ impossible\n"));
}

TEST(TerminalSummary, a_broken_property_is_shown_with_its_evidence) {
  EXPECT_THAT(summary_of(SampleKind::two_leaders),
              HasSubstr("16.960 s   n1 became leader of term 7"));
}

TEST(TerminalSummary, every_check_has_a_line) {
  const std::string text = summary_of(SampleKind::valid);
  EXPECT_THAT(text, HasSubstr("✓ state machine safety  every index was applied"));
  EXPECT_THAT(text, HasSubstr("✓ linearizable          5 keys"));
  EXPECT_THAT(text, HasSubstr("1,000 operations in"));
}

TEST(TerminalSummary, without_operations_no_latency_is_claimed) {
  EXPECT_THAT(summary_of(SampleKind::no_operations), Not(HasSubstr("latency")));
}

TEST(TerminalSummary, colour_only_if_asked_for) {
  EXPECT_THAT(summary_of(SampleKind::stale_read), Not(HasSubstr("\033")));
  EXPECT_THAT(summary_of(SampleKind::stale_read, true), HasSubstr("\033[31m✕ invalid\033[0m"));
}

}  // namespace
}  // namespace sunder::results
