#include "checker/history/process_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/history/read.h"
#include "testing/temporary_file.h"

namespace sunder::history {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

History history_in(const std::string& text) {
  const TemporaryFile file(text);
  checker::Budget budget;
  return read_foreign_history(file.path(), {}, budget);
}

std::string refusal_of_names(const std::string& text) {
  try {
    history_in(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

/// Two clients and the nemesis in each format: a writes 1, b reads 1.
const std::vector<std::string> named_histories{
    R"({"process":"nemesis","type":"info","f":"kill"}
{"process":"a","type":"invoke","f":"write","value":1}
{"process":"a","type":"ok","f":"write","value":1}
{"process":"b","type":"invoke","f":"read","value":null}
{"process":"b","type":"ok","f":"read","value":1}
)",
    R"([{"process":"nemesis","type":"info","f":"kill"},
{"process":"a","type":"invoke","f":"write","value":1},
{"process":"a","type":"ok","f":"write","value":1},
{"process":"b","type":"invoke","f":"read","value":null},
{"process":"b","type":"ok","f":"read","value":1}]
)",
    R"({:process :nemesis-1, :type :info, :f :kill}
{:process :a, :type :invoke, :f :write, :value 1}
{:process :a, :type :ok, :f :write, :value 1}
{:process "b", :type :invoke, :f :read, :value nil}
{:process "b", :type :ok, :f :read, :value 1}
)",
    R"(INFO jepsen.util - :nemesis :info :kill nil
INFO jepsen.util - :a :invoke :write 1
INFO jepsen.util - :a :ok :write 1
INFO jepsen.util - b :invoke :read nil
INFO jepsen.util - b :ok :read 1
)",
    R"({"process":"nemesis","f":"kill","start":1,"end":2}
{"process":"a","f":"write","value":1,"start":3,"end":4}
{"process":"b","f":"read","value":1,"start":5,"end":6}
)"};

TEST(ProcessNames, clients_with_names_get_numbers_in_every_format) {
  for (const auto& text : named_histories) {
    const auto history = history_in(text);
    ASSERT_EQ(history.operations.size(), 2U) << text;
    EXPECT_EQ(history.operations[0].process, ProcessId{0}) << text;
    EXPECT_EQ(history.operations[1].process, ProcessId{1}) << text;
    EXPECT_FALSE(history.faults.empty()) << text;
    EXPECT_THAT(history.assumptions, testing::Contains(HasSubstr("processes are named; "))) << text;
  }
}

TEST(ProcessNames, names_and_numbers_in_one_history_are_refused) {
  const std::string number =
      R"({"index":0,"time":0,"process":3,"type":"invoke","f":"read","value":null})"
      "\n";
  const std::string name = R"({"process":"a","type":"invoke","f":"read"})"
                           "\n";
  EXPECT_THAT(refusal_of_names(number + name), HasSubstr(":2:12: the process has the name \"a\""));
  EXPECT_THAT(refusal_of_names(name + number),
              HasSubstr("the process is the number 3, and processes before it have names"));
}

TEST(ProcessNames, numbers_may_be_texts) {
  ProcessNames names;
  EXPECT_EQ(names.process_of("7"), ProcessId{7});
  EXPECT_EQ(names.process_of(2.0), ProcessId{2});
  EXPECT_EQ(names.process_of(":nemesis"), ProcessId::nemesis);
  EXPECT_THROW(names.process_of(-1), ProcessError);
  EXPECT_THROW(names.process_of(1.5), ProcessError);
  EXPECT_THROW(names.process_of(Value()), ProcessError);
  EXPECT_TRUE(names.assumptions().empty());
}

TEST(ProcessNames, a_named_client_that_goes_on_after_an_info_is_a_new_process) {
  const auto history = history_in(R"({"process":"a","type":"invoke","f":"write","value":1}
{"process":"a","type":"info","f":"write","value":1}
{"process":"a","type":"invoke","f":"write","value":2}
)");
  EXPECT_EQ(history.operations[1].process, ProcessId{1});
  EXPECT_THAT(history.assumptions,
              ElementsAre("processes are named; a is process 0",
                          "a client that goes on after an operation that may still happen is a new "
                          "process"));
}

TEST(ProcessNames, one_name_in_two_files_is_one_client) {
  const TemporaryFolder folder;
  const auto file = [&](const char* name, const std::string& text) {
    std::ofstream(folder.path() / name) << text;
    return folder.path() / name;
  };
  HistorySource source;
  source.files.push_back(file("1", R"({"process":"a","type":"invoke","f":"read","time":1}
{"process":"a","type":"ok","f":"read","time":2}
)"));
  source.files.push_back(file("2", R"({"process":"b","type":"invoke","f":"read","time":3}
{"process":"b","type":"ok","f":"read","time":4}
{"process":"a","type":"invoke","f":"read","time":5}
)"));
  checker::Budget budget;
  const auto history = read_foreign_history(source, {}, budget);
  ASSERT_EQ(history.operations.size(), 3U);
  EXPECT_NE(history.operations[0].process, history.operations[1].process);
  EXPECT_EQ(history.operations[0].process, history.operations[2].process);
}

}  // namespace
}  // namespace sunder::history
