#include "results/campaign/signature.h"

#include <gtest/gtest.h>

#include "checker/linearizability/linearizable.h"
#include "checker/models/register.h"
#include "results/page/sample/isolation_sample.h"

namespace sunder::results {
namespace {

using namespace std::chrono_literals;
using checker::CheckResult;
using checker::Validity;

TEST(Signature, two_sightings_of_one_bug_have_one_shape) {
  EXPECT_EQ(shape_of("client 29 read 1804 after client 10 had read 2491"),
            shape_of("client 3 read 17 after client 5 had read 21"));
  EXPECT_EQ(shape_of("n3 and n5 both led term 7"), "n# and n# both led term #");
}

TEST(Signature, what_happened_differently_has_another_shape) {
  EXPECT_NE(shape_of("client 3 read 17 after client 5 had read 21"),
            shape_of("client 3 read 17 after client 5's write of 21 had returned"));
}

history::Operation operation(int process, std::string_view f, history::Value value, int invoked) {
  history::Operation made;
  made.process = history::ProcessId{process};
  made.f = f;
  if (made.f != "read") made.argument = value;
  made.result = std::move(value);
  made.outcome = history::Outcome::ok;
  made.invoked = invoked;
  made.returned = invoked + 1;
  return made;
}

std::string shape_of_what_the_checker_says(std::vector<history::Operation> operations) {
  history::History history;
  history.operations = std::move(operations);
  const auto check = checker::check_linearizability(history, checker::Register{});
  return check.counterexample ? shape_of(*check.counterexample) : "linearizable";
}

TEST(Signature, how_a_newer_value_is_known_is_chance) {
  const auto first = operation(1, "write", 17, 0);
  const auto newer = operation(2, "write", 21, 2);
  const auto stale = operation(3, "read", 17, 6);
  EXPECT_EQ(shape_of_what_the_checker_says({first, newer, stale}),
            "client # read # after a newer value");
  auto unanswered = newer;
  unanswered.outcome = history::Outcome::info;
  unanswered.returned = history::never;
  EXPECT_EQ(shape_of_what_the_checker_says({first, unanswered, operation(5, "read", 21, 4), stale}),
            "client # read # after a newer value");
}

TEST(Signature, a_lost_write_is_another_bug_than_a_stale_read) {
  checker::Counterexample lost;
  lost.sentence =
      "client 3 read null after client 5's write of 21 had returned: the write was lost";
  EXPECT_EQ(shape_of(lost), "client # read null after a newer value: the write was lost");
}

TEST(Signature, values_of_any_kind_are_left_out) {
  EXPECT_EQ(shape_of(R"(client 3 read [1,[2],3] (key "k4"))"), "client # read # (key #)");
  EXPECT_EQ(shape_of("client 3 read -17"), "client # read #");
  EXPECT_EQ(shape_of("answered at 3.25 s."), "answered at # s.");
}

TEST(Signature, how_many_more_there_are_is_left_out) {
  EXPECT_EQ(shape_of("n1 voted twice in term 3: for n1 and for n2 (and 12 more)"),
            shape_of("n1 voted twice in term 3: for n1 and for n2"));
  EXPECT_EQ(shape_of("n2 exited by itself with signal 6 (Aborted) after 1.250 s, and 3 more exits"),
            "n# exited by itself with signal # (Aborted) after # s");
}

TEST(Signature, a_list_of_alike_things_is_one_of_them) {
  EXPECT_EQ(shape_of("did not answer: k1 (never answered), k2 (never answered); n1 led term 4"),
            shape_of("did not answer: k3 (never answered); n2 led term 9"));
}

TEST(Signature, text_without_end_is_left_as_it_is) {
  EXPECT_EQ(shape_of("a \"quote and a [list"), "a \"quote and a [list");
  EXPECT_EQ(shape_of(""), "");
}

CheckResult two_leaders_at(history::Time time) {
  CheckResult check;
  check.name = "election safety";
  check.validity = Validity::invalid;
  check.message = "n3 and n5 both led term 7";
  check.evidence = {{1s, "n3", 7, 0, "led"}, {time, "n5", 7, 0, "led"}};
  return check;
}

FaultWindow fault(std::string kind, history::Time from, std::optional<history::Time> until) {
  FaultWindow window;
  window.kind = std::move(kind);
  window.is_fault = window.kind != "crash";
  window.from = from;
  window.until = until;
  return window;
}

TEST(Signature, the_faults_are_those_active_at_the_violation_or_just_before) {
  const std::vector<FaultWindow> faults{
      fault("pause", 1s, 2s),         fault("partition", 4s, 6s), fault("kill", 4500ms, 4800ms),
      fault("partition", 4900ms, {}), fault("delay", 7s, 8s),     fault("crash", 5s, 5s)};
  const auto violation = violation_of(checker::combine({two_leaders_at(5s)}), faults);
  ASSERT_TRUE(violation);
  EXPECT_EQ(violation->signature,
            (Signature{"election safety", "n# and n# both led term #", {"kill", "partition"}}));
  EXPECT_EQ(violation->at, 5s);
}

TEST(Signature, an_isolation_level_is_broken_by_an_anomaly_whatever_its_transactions_are) {
  checker::CheckResult check;
  check.name = "isolation";
  check.validity = checker::Validity::invalid;
  check.isolation = stale_transaction();
  const auto violation = violation_of(checker::combine({check}), {});
  ASSERT_TRUE(violation);
  EXPECT_EQ(violation->signature.shape, "strict-serializable is ruled out by G-single-realtime");
  EXPECT_EQ(violation->at, 17065ms);
}

TEST(Signature, a_valid_verdict_has_none) {
  CheckResult check;
  check.name = "linearizable";
  EXPECT_FALSE(violation_of(checker::combine({check}), {}));
}

TEST(Signature, a_counterexample_speaks_rather_than_the_message_around_it) {
  CheckResult check;
  check.name = "linearizable";
  check.validity = Validity::invalid;
  check.message = "client 3 read 17 after client 5 had read 21 (key \"k4\"); 5 keys are not";
  check.counterexample.emplace();
  check.counterexample->sentence = "client 3 read 17 after client 5 had read 21";
  check.counterexample->operations.resize(1);
  check.counterexample->operations[0].invoked_at = 3s;
  check.counterexample->operations[0].returned_at = 4s;
  const std::vector<FaultWindow> faults{fault("pause", 3500ms, 9s)};
  const auto violation = violation_of(checker::combine({check}), faults);
  ASSERT_TRUE(violation);
  EXPECT_EQ(violation->signature.shape, "client # read # after a newer value");
  EXPECT_EQ(violation->signature.faults, std::vector<std::string>{"pause"});
  EXPECT_EQ(violation->at, 4s);
}

TEST(Signature, alike_is_what_breaks_one_property_with_one_shape_whatever_else_is_broken) {
  checker::Verdict verdict;
  for (const char* name : {"linearizable", "commitment"}) {
    checker::CheckResult check;
    check.name = name;
    check.validity = Validity::invalid;
    check.message = std::string(name) == "commitment" ? "n1 committed entry 7" : "client 3 read 5";
    verdict.checks.push_back(check);
  }
  EXPECT_TRUE(is_broken_alike(verdict, {"commitment", shape_of("n2 committed entry 9"), {"kill"}}));
  EXPECT_FALSE(is_broken_alike(verdict, {"commitment", "another shape", {}}));
  EXPECT_FALSE(is_broken_alike(verdict, {"log matching", shape_of("n2 committed entry 9"), {}}));
  verdict.checks[1].validity = Validity::valid;
  EXPECT_FALSE(is_broken_alike(verdict, {"commitment", shape_of("n2 committed entry 9"), {}}));
}

}  // namespace
}  // namespace sunder::results
