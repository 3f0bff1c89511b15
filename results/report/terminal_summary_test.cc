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
  return terminal_summary(run.input.verdict, run.input.statistics, {colour, 100});
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
                        "  client 12  write 19           ├───────────────────┄ never answered\n"
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

checker::Verdict verdict_about(std::vector<history::Operation> operations, std::string message) {
  checker::CheckResult result;
  result.name = "linearizable";
  result.validity = checker::Validity::invalid;
  result.message = std::move(message);
  result.counterexample.emplace();
  result.counterexample->culprit = operations.size() - 1;
  result.counterexample->operations = std::move(operations);
  return checker::combine({std::move(result)});
}

history::Operation returned_operation(std::string_view f, history::Value argument,
                                      history::Value result, history::Position invoked) {
  history::Operation operation;
  operation.f = f;
  operation.argument = std::move(argument);
  operation.result = std::move(result);
  operation.outcome = history::Outcome::ok;
  operation.invoked = invoked;
  operation.returned = invoked + 1;
  return operation;
}

TEST(TerminalSummary, nothing_of_a_history_controls_the_terminal) {
  const std::string evil = "\033[2J\r\n\u009B\x7F";
  const auto text = terminal_summary(verdict_about({returned_operation("write", evil, evil, 0),
                                                    returned_operation(evil, {}, evil, 2)},
                                                   evil),
                                     {});
  EXPECT_THAT(text, Not(HasSubstr("\033")));
  EXPECT_THAT(text, Not(HasSubstr("\u009B")));
  EXPECT_THAT(text, Not(HasSubstr("\r")));
  EXPECT_THAT(text, Not(HasSubstr("\x7F")));
}

TEST(TerminalSummary, a_long_proof_with_long_values_fits_a_terminal) {
  std::vector<history::Operation> operations;
  history::List seen;
  for (int i = 0; i < 1'000; ++i) {
    operations.push_back(returned_operation("add", i, i, history::Position{2} * i));
    if (i != 990) seen.push_back(i);
  }
  operations.push_back(returned_operation("read", {}, seen, 2'000));
  const auto text = terminal_summary(verdict_about(std::move(operations), "no order"), {});
  EXPECT_THAT(text, HasSubstr("989,991"));
  EXPECT_THAT(text, HasSubstr("… and 985 more operations"));
  EXPECT_LT(text.size(), 10'000U);
}

TEST(TerminalSummary, a_history_without_times_claims_none) {
  const auto text =
      terminal_summary(verdict_about({returned_operation("read", {}, 1, 0)}, "no"), {});
  EXPECT_THAT(text, HasSubstr("(the history has no times)"));
  EXPECT_THAT(text, Not(HasSubstr("latency")));
}

}  // namespace
}  // namespace sunder::results
