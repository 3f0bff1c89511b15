#include "results/report/format.h"

#include <chrono>

#include <gtest/gtest.h>

namespace sunder::results {
namespace {

using history::List;
using history::Operation;
using history::Outcome;
using history::Value;
using namespace std::chrono_literals;

std::string call(std::string_view f, Value argument, Value result, Outcome outcome = Outcome::ok) {
  Operation operation;
  operation.f = f;
  operation.argument = std::move(argument);
  operation.result = std::move(result);
  operation.outcome = outcome;
  return format_call(operation);
}

TEST(Format, a_latency_has_three_digits_and_the_unit_that_fits) {
  EXPECT_EQ(format_latency(0ns), "0 ns");
  EXPECT_EQ(format_latency(7ns), "7 ns");
  EXPECT_EQ(format_latency(840us), "840 µs");
  EXPECT_EQ(format_latency(3214567ns), "3.21 ms");
  EXPECT_EQ(format_latency(999'999'999ns), "1 s");
  EXPECT_EQ(format_latency(61s), "61 s");
}

TEST(Format, counts_have_their_thousands_apart) {
  EXPECT_EQ(format_count(0), "0");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_count(1000), "1,000");
  EXPECT_EQ(format_count(1234567), "1,234,567");
}

TEST(Format, an_operation_says_what_was_asked_and_what_was_answered) {
  EXPECT_EQ(call("write", 17, 17), "write 17");
  EXPECT_EQ(call("read", {}, 17), "read → 17");
  EXPECT_EQ(call("read", {}, {}), "read → nil");
  EXPECT_EQ(call("read", {}, {}, Outcome::fail), "read");
  EXPECT_EQ(call("cas", List{3, 5}, List{3, 5}), "cas 3 → 5");
  EXPECT_EQ(call("cas", List{3, 5}, List{3, 5}, Outcome::fail), "cas 3 → 5");
  EXPECT_EQ(call("dequeue", {}, "a"), "dequeue → a");
  EXPECT_EQ(call("dequeue", {}, "7"), "dequeue → \"7\"");
  const List asked{List{"r", "x", {}}, List{"w", "y", 3}};
  const List answered{List{"r", "x", 1}, List{"w", "y", 3}};
  EXPECT_EQ(call("txn", asked, answered), "txn r x → 1, w y 3");
  EXPECT_EQ(call("txn", asked, asked, Outcome::info), "txn r x, w y 3");
  EXPECT_EQ(call("transfer", history::Object{{"from", "a1"}, {"to", "a2"}, {"amount", 5}}, {},
                 Outcome::info),
            "transfer 5 from a1 to a2");
  EXPECT_EQ(call("txn", List{1}, List{2}), "txn [1] → [2]");
}

}  // namespace
}  // namespace sunder::results
