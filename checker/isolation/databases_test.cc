// Transactions of several databases in one history, as Jepsen's independent workloads have them:
// the operations' values are [database [micro-operations]].

#include <gtest/gtest.h>

#include "checker/history/read.h"
#include "checker/isolation/isolation.h"
#include "testing/temporary_file.h"

namespace sunder::checker::isolation {
namespace databases_test {

Finding finding_in(const std::string& edn, const char* level) {
  const TemporaryFile file(edn);
  Budget budget;
  const auto history = history::read_foreign_history(file.path(), {}, budget);
  const auto report = find_isolation(history, transactions_of(history));
  for (const auto& each : report.levels) {
    if (each.level == level_named(level)) return each.finding;
  }
  return Finding::not_ruled_out;
}

std::string transaction(int process, const std::string& asked, const std::string& answered) {
  const auto event = [&](const char* type, const std::string& value) {
    return "{:process " + std::to_string(process) + " :type " + type + " :f :txn :value " + value +
           "}\n";
  };
  return event(":invoke", asked) + event(":ok", answered);
}

}  // namespace databases_test

namespace {

using namespace databases_test;

TEST(Databases, keys_of_one_name_in_two_databases_are_two) {
  const auto written = transaction(0, "[a [[:w 1 5]]]", "[a [[:w 1 5]]]");
  EXPECT_EQ(finding_in(written + transaction(0, "[b [[:r 1 nil]]]", "[b [[:r 1 nil]]]"),
                       "strict-serializable"),
            Finding::proved);
  EXPECT_EQ(finding_in(written + transaction(0, "[a [[:r 1 nil]]]", "[a [[:r 1 nil]]]"),
                       "strict-serializable"),
            Finding::ruled_out);
}

/// Each of two clients reads in one database what was before the other's write, which comes before
/// its own write in the other database.
TEST(Databases, a_client_has_no_order_between_databases) {
  const std::string history =
      "{:process 0 :type :invoke :f :txn :value [a [[:append 1 1]]]}\n"
      "{:process 1 :type :invoke :f :txn :value [b [[:append 1 1]]]}\n"
      "{:process 0 :type :ok :f :txn :value [a [[:append 1 1]]]}\n"
      "{:process 1 :type :ok :f :txn :value [b [[:append 1 1]]]}\n" +
      transaction(0, "[b [[:r 1 nil]]]", "[b [[:r 1 []]]]") +
      transaction(1, "[a [[:r 1 nil]]]", "[a [[:r 1 []]]]");
  EXPECT_EQ(finding_in(history, "strong-session-serializable"), Finding::proved);
  EXPECT_EQ(finding_in(history, "strict-serializable"), Finding::ruled_out);
}

}  // namespace
}  // namespace sunder::checker::isolation
