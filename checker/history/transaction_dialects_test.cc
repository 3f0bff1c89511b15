// Transactions as the programs of the field write them: each text below is the same history.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/history/read.h"
#include "testing/temporary_file.h"

namespace sunder::history {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

History dialect_history(const std::string& text) {
  const TemporaryFile file(text);
  checker::Budget budget;
  return read_foreign_history(file.path(), {}, budget);
}

std::string dialect_refusal(const std::string& text) {
  try {
    dialect_history(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

struct Dialect {
  const char* name;
  const char* text;
};

/// A transaction appends 1 to x and 2 to the key 7, another one reads both and is answered, a third
/// one is not.
const std::vector<Dialect> dialects{
    {"own lines",
     R"({"index":0,"time":1,"process":0,"type":"invoke","f":"txn","value":[["append","x",1],["append",7,2]]}
{"index":1,"time":2,"process":0,"type":"ok","f":"txn","value":[["append","x",1],["append",7,2]]}
{"index":2,"time":3,"process":1,"type":"invoke","f":"txn","value":[["r","x",null],["r",7,null]]}
{"index":3,"time":4,"process":1,"type":"ok","f":"txn","value":[["r","x",[1]],["r",7,null]]}
{"index":4,"time":5,"process":1,"type":"invoke","f":"txn","value":[["r","x",null]]}
)"},
    {"elle-cli's array without f",
     R"([{"index":0,"process":0,"type":"invoke","value":[["append","x",1],["append",7,2]]},
{"index":1,"process":0,"type":"ok","value":[["append","x",1],["append",7,2]]},
{"index":2,"process":1,"type":"invoke","value":[["r","x",null],["r",7,null]]},
{"index":3,"process":1,"type":"ok","value":[["r","x",[1]],["r",7,null]]},
{"index":4,"process":1,"type":"invoke","value":[["r","x",null]]}]
)"},
    {"keywords in JSON, reads without a third member",
     R"({"process":0,"type":":invoke","f":":txn","value":[[":append","x",1],[":append",7,2]]}
{"process":0,"type":":ok","f":":txn","value":[[":append","x",1],[":append",7,2]]}
{"process":1,"type":":invoke","f":":txn","value":[[":r","x"],[":r",7]]}
{"process":1,"type":":ok","f":":txn","value":[[":r","x",[1]],[":r",7,null]]}
{"process":1,"type":":invoke","f":":txn","value":[[":r","x"]]}
)"},
    {"a store's history.edn",
     R"({:type :invoke, :f :txn, :value [[:append :x 1] [:append 7 2]], :process 0, :time 1, :index 0}
{:type :ok, :f :txn, :value [[:append :x 1] [:append 7 2]], :process 0, :time 2, :index 1}
{:type :invoke, :f :txn, :value [[:r :x nil] [:r 7 nil]], :process 1, :time 3, :index 2}
{:type :ok, :f :txn, :value [[:r :x [1]] [:r 7 nil]], :process 1, :time 4, :index 3}
{:type :invoke, :f :txn, :value [[:r :x nil]], :process 1, :time 5, :index 4}
)"},
    {"a vector of records, lists for vectors, names of operations, over several lines",
     R"([#jepsen.history.Op{:index 0, :type :invoke, :process 0, :f :write
  :value ([:append :x 1] (:append 7 2))}
 #jepsen.history.Op{:index 1, :type :ok, :process 0, :f :write, :value [[:append "x" 1] [:append 7 2]]}
 #jepsen.history.Op{:index 2, :type :invoke, :process 1, :f :read-all, :value [[:r :x nil] [:read 7]]}
 #jepsen.history.Op{:index 3, :type :ok, :process 1, :f :read-all, :value [[:r :x (1)] [:read 7 nil]]}
 #jepsen.history.Op{:index 4, :type :invoke, :process 1, :f :read-all, :value [[:r :x nil]]}]
)"},
    {"Elle's README, without f",
     R"({:index 2 :process 0 :type :invoke, :value [[:append :x 1] [:append 7 2]]}
{:index 3 :process 0 :type :ok,     :value [[:append :x 1] [:append 7 2]]}
{:index 4 :process 1 :type :invoke, :value [[:r :x nil] [:r 7 nil]]}
{:index 5 :process 1 :type :ok,     :value [[:r :x [1]] [:r 7 nil]]}
{:index 6 :process 1 :type :invoke, :value [[:r :x nil]]}
)"},
    {"jepsen.log",
     "2026-01-02 03:04:05,123{GMT}\tINFO\t[jepsen worker 0] jepsen.util: "
     "0\t:invoke\t:txn\t[[:append "
     ":x 1] [:append 7 2]]\n"
     "2026-01-02 03:04:05,124{GMT}\tINFO\t[jepsen worker 0] jepsen.util: 0\t:ok\t:txn\t[[:append "
     ":x "
     "1] [:append 7 2]]\n"
     "2026-01-02 03:04:05,124{GMT}\tINFO\t[jepsen worker 1] jepsen.core: starting\n"
     "2026-01-02 03:04:05,125{GMT}\tINFO\t[jepsen worker 1] jepsen.util: 1\t:invoke\t:txn\t[[:r :x "
     "nil] [:r 7 nil]]\n"
     "2026-01-02 03:04:05,126{GMT}\tINFO\t[jepsen worker 1] jepsen.util: 1\t:ok\t:txn\t[[:r :x "
     "[1]] "
     "[:r 7 nil]]\n"
     "2026-01-02 03:04:05,127{GMT}\tINFO\t[jepsen worker 1] jepsen.util: 1\t:invoke\t:txn\t[[:r :x "
     "nil]]\n"},
    {"the console",
     "INFO [2026-01-02 03:04:05,123] jepsen worker 0 - jepsen.util 0\t:invoke\t:txn\t[[:append :x "
     "1] "
     "[:append 7 2]]\n"
     "INFO [2026-01-02 03:04:05,124] jepsen worker 0 - jepsen.util 0\t:ok\t:txn\t[[:append :x 1] "
     "[:append 7 2]]\n"
     "INFO [2026-01-02 03:04:05,125] jepsen worker 1 - jepsen.util 1\t:invoke\t:txn\t[[:r :x nil] "
     "[:r 7 nil]]\n"
     "INFO [2026-01-02 03:04:05,126] jepsen worker 1 - jepsen.util 1\t:ok\t:txn\t[[:r :x [1]] [:r "
     "7 "
     "nil]]\n"
     "INFO [2026-01-02 03:04:05,127] jepsen worker 1 - jepsen.util 1\t:invoke\t:txn\t[[:r :x "
     "nil]]\n"},
    {"the oldest log",
     "INFO  jepsen.util - 0 :invoke :txn [[:append :x 1] [:append 7 2]]\n"
     "INFO  jepsen.util - 0 :ok :txn [[:append :x 1] [:append 7 2]]\n"
     "INFO  jepsen.util - 1 :invoke :txn [[:r :x nil] [:r 7 nil]]\n"
     "INFO  jepsen.util - 1 :ok :txn [[:r :x [1]] [:r 7 nil]]\n"
     "INFO  jepsen.util - 1 :invoke :txn [[:r :x nil]]\n"},
    {"history.txt",
     "0\t:invoke\t:txn\t[[:append :x 1] [:append 7 2]]\n"
     "0\t:ok\t:txn\t[[:append :x 1] [:append 7 2]]\n"
     "1\t:invoke\t:txn\t[[:r :x nil] [:r 7 nil]]\n"
     "1\t:ok\t:txn\t[[:r :x [1]] [:r 7 nil]]\n"
     "1\t:invoke\t:txn\t[[:r :x nil]]\n"},
    {"records",
     R"([{"process":0,"f":"txn","value":[["append","x",1],["append",7,2]],"start":1000,"end":2000},
{"process":1,"f":"txn","input":[["r","x"],["r",7]],"output":[["r","x",[1]],["r",7,null]],"start":3000,"end":4000},
{"process":1,"f":"txn","value":[["r","x",null]],"start":5000}]
)"}};

TEST(TransactionDialects, each_is_read_as_the_same_history) {
  for (const auto& dialect : dialects) {
    SCOPED_TRACE(dialect.name);
    const auto history = dialect_history(dialect.text);
    ASSERT_EQ(history.operations.size(), 3U);
    std::vector<std::string> results;
    for (const auto& operation : history.operations) {
      EXPECT_EQ(operation.f, "txn");
      results.push_back(to_json(operation.result));
    }
    EXPECT_THAT(results, ElementsAre(R"([["append","x",1],["append",7,2]])",
                                     R"([["r","x",[1]],["r",7,null]])", R"([["r","x",null]])"));
    EXPECT_EQ(history.operations[0].outcome, Outcome::ok);
    EXPECT_EQ(history.operations[2].outcome, Outcome::info);
    EXPECT_TRUE(history.clients_are_known);
  }
}

/// Writes and reads of registers, one after the other, in events that name no process.
const std::string unnamed_edn =
    "{:type :invoke, :f :txn, :value [[:w :x 2]]}\n{:type :ok, :f :txn, :value [[:w :x 2]]}\n"
    "{:type :invoke, :f :txn, :value [[:r :x nil]]}\n{:type :ok, :f :txn, :value [[:r :x 2]]}\n";
const std::string unnamed_json =
    R"({"type":"invoke","value":[["w","x",2]]}
{"type":"ok","value":[["w","x",2]]}
{"type":"invoke","value":[["r","x",null]]}
{"type":"ok","value":[["r","x",2]]}
)";

TEST(TransactionDialects, operations_without_a_process_that_follow_each_other_are_told_apart) {
  for (const auto& text : {unnamed_edn, unnamed_json}) {
    const auto history = dialect_history(text);
    ASSERT_EQ(history.operations.size(), 2U);
    EXPECT_NE(history.operations[0].process, history.operations[1].process);
    EXPECT_EQ(to_json(history.operations[1].result), R"([["r","x",2]])");
    EXPECT_THAT(history.assumptions,
                ElementsAre("no event names a process, so each operation is of "
                            "a client of its own"));
    EXPECT_FALSE(history.clients_are_known);
  }
}

TEST(TransactionDialects, operations_without_a_process_that_overlap_are_refused) {
  EXPECT_THAT(dialect_refusal("{:type :invoke, :f :txn, :value [[:w :x 2]]}\n"
                              "{:type :invoke, :f :txn, :value [[:w :x 3]]}\n"),
              HasSubstr(":2:1: the process is missing, and the operation before this one is still "
                        "open"));
  EXPECT_THAT(dialect_refusal("{\"type\":\"invoke\",\"value\":[[\"w\",\"x\",2]]}\n"
                              "{\"type\":\"invoke\",\"value\":[[\"w\",\"x\",3]]}\n"),
              HasSubstr("--map process=THEIRS"));
}

TEST(TransactionDialects, some_events_with_a_process_and_some_without_are_refused) {
  const std::string named_edn = "{:process 1, :type :invoke, :f :txn, :value [[:r :x nil]]}\n";
  const std::string named_line =
      "{\"index\":0,\"time\":0,\"process\":1,\"type\":\"invoke\",\"f\":\"txn\",\"value\":5}\n";
  EXPECT_THAT(dialect_refusal(unnamed_edn + named_edn),
              HasSubstr(":5:1: the event names a process"));
  EXPECT_THAT(dialect_refusal(named_edn + unnamed_edn), HasSubstr(":2:1: the process is missing"));
  EXPECT_THAT(dialect_refusal(unnamed_json + named_line), HasSubstr(":5"));
  EXPECT_THAT(dialect_refusal(named_line + unnamed_json), HasSubstr(":2: the process is missing"));
}

TEST(TransactionDialects, a_completion_without_anything_open_is_refused) {
  EXPECT_THAT(dialect_refusal("{:type :ok, :f :txn, :value [[:w :x 2]]}\n"),
              HasSubstr("which has nothing open"));
}

TEST(TransactionDialects, records_that_name_no_client_do_not_tell_clients) {
  const auto history = dialect_history(
      R"({"f":"txn","value":[["w","x",2]],"start":1000,"end":2000}
{"f":"txn","value":[["r","x",2]],"start":3000,"end":4000}
)");
  EXPECT_FALSE(history.clients_are_known);
}

}  // namespace
}  // namespace sunder::history
