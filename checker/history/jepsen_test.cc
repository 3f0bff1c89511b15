#include "checker/history/jepsen.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/history/edn_value.h"
#include "checker/history/input_error.h"
#include "checker/history/read.h"
#include "testing/temporary_file.h"

namespace sunder::history {
namespace {

using testing::HasSubstr;

std::string edn(std::string_view text) {
  return to_json(EdnReader(text).next());
}

TEST(Edn, every_kind_of_value_is_read) {
  EXPECT_EQ(edn("nil"), "null");
  EXPECT_EQ(edn(" ; comment\n , true"), "true");
  EXPECT_EQ(edn("-17"), "-17");
  EXPECT_EQ(edn("+3N"), "3");
  EXPECT_EQ(edn("2.5M"), "2.5");
  EXPECT_EQ(edn(":keyword"), "\"keyword\"");
  EXPECT_EQ(edn("sym/bol"), "\"sym/bol\"");
  EXPECT_EQ(edn("\"a\\n\\u00e9\\\"\""), "\"a\\né\\\"\"");
  EXPECT_EQ(edn("\\a"), "\"a\"");
  EXPECT_EQ(edn("[1 (2 3) #{4}]"), "[1,[2,3],[4]]");
  EXPECT_EQ(edn("{:a 1, \"b\" {3 4}}"), "{\"a\":1,\"b\":{\"3\":4}}");
  EXPECT_EQ(edn("#inst \"2020\""), "\"2020\"");
  EXPECT_EQ(edn("#jepsen.history.Op{:index 0}"), "{\"index\":0}");
  EXPECT_EQ(edn("#_ ignored 5"), "5");
}

TEST(Edn, what_needs_no_meaning_is_kept_as_text) {
  EXPECT_EQ(edn("18446744073709551616N"), "\"18446744073709551616N\"");
  EXPECT_EQ(edn("18446744073709551616"), edn("+18446744073709551616N"));
  EXPECT_EQ(edn("-99999999999999999999"), "\"-99999999999999999999N\"");
  EXPECT_EQ(edn("[1/3 0x1f]"), "[\"1/3\",\"0x1f\"]");
  EXPECT_EQ(edn("[#\"a\\\"b.*\" 1]"), "[\"#\\\"a\\\\\\\"b.*\\\"\",1]");
  EXPECT_EQ(edn("[#object[foo.Bar 0x1a2b \"foo.Bar@1a2b\"] 2]"),
            "[\"#object[foo.Bar 0x1a2b \\\"foo.Bar@1a2b\\\"]\",2]");
  EXPECT_EQ(edn("[#unit/ms 5 #unit/ms [5] #foo{:a 1}]"), "[\"#unit/ms 5\",[5],{\"a\":1}]");
}

TEST(Edn, a_pair_of_surrogates_is_one_character) {
  EXPECT_EQ(edn(R"("\ud83d\ude00!")"), "\"\xf0\x9f\x98\x80!\"");
  for (const auto* half : {R"("\ud83d")", R"("\ude00")"}) {
    EXPECT_EQ(edn(half), "\"\xef\xbf\xbd\"") << half;
  }
  EXPECT_EQ(edn(R"("\ud83d\u0041")"),
            "\"\xef\xbf\xbd"
            "A\"");
}

TEST(Edn, what_cannot_be_read_is_placed) {
  const auto error = [](std::string_view text) {
    try {
      EdnReader(text).next();
    } catch (const EdnError& why) {
      return why;
    }
    return EdnError{"none", 0, false};
  };
  EXPECT_TRUE(error("[1 2").is_cut_off);
  EXPECT_TRUE(error("{:a").is_cut_off);
  EXPECT_TRUE(error("\"abc").is_cut_off);
  EXPECT_FALSE(error("{:a}").is_cut_off);
  EXPECT_EQ(error("[1 }").at, 3U);
  EXPECT_THAT(error(std::string(500, '[')).message, HasSubstr("nested deeper"));
  std::string discards;
  for (int i = 0; i < 1'000'000; ++i) discards += "#_";
  EXPECT_THAT(error(discards).message, HasSubstr("more than 100 #_"));
}

constexpr const char* edn_history =
    "{:process 0, :type :invoke, :f :write, :value 3, :time 5}\n"
    "{:process :nemesis, :type :info, :f :start, :value {:isolated #{\"n1\"}}}\n"
    "{:process 1, :type :invoke, :f :cas, :value [3 4]}\n"
    "{:process 0, :type :ok, :f :write, :value 3}\n"
    "{:process 1, :type :info, :f :cas, :value [3 4], :error :timeout}\n";

TEST(JepsenEdn, a_failed_dequeue_may_say_that_it_found_the_queue_empty) {
  const auto refusal = [](const std::string& words) {
    const TemporaryFile file(
        "{:process 1, :type :invoke, :f :dequeue, :value nil}\n"
        "{:process 1, :type :fail, :f :dequeue, " +
        words + "}\n");
    return is_refusal(read_history(file.path()).operations.at(0));
  };
  EXPECT_TRUE(refusal(":value nil, :error :empty"));
  EXPECT_TRUE(refusal(":value :exhausted"));
  EXPECT_TRUE(refusal(":value nil, :error \"Queue is empty\""));
  EXPECT_TRUE(refusal(":value nil, :found nil"));
  EXPECT_FALSE(refusal(":value nil"));
  EXPECT_FALSE(refusal(":value nil, :error \"empty reply from server\""));
  EXPECT_FALSE(refusal(":value nil, :found 7"));
}

TEST(JepsenEdn, a_refused_cas_may_say_what_it_found) {
  const TemporaryFile file(
      "{:process 1, :type :invoke, :f :cas, :value [3 4]}\n"
      "{:process 1, :type :fail, :f :cas, :value [3 4], :found 7}\n");
  const auto history = read_history(file.path());
  ASSERT_EQ(history.operations.size(), 1U);
  EXPECT_TRUE(is_refusal(history.operations[0]));
  EXPECT_EQ(history.operations[0].result, Value(7));
}

TEST(JepsenEdn, a_history_of_one_map_a_line_is_read) {
  const TemporaryFile file(edn_history);
  ASSERT_EQ(format_of(file.path()), Format::edn);
  const auto history = read_history(file.path());
  ASSERT_EQ(history.operations.size(), 2U);
  EXPECT_EQ(history.operations[0].outcome, Outcome::ok);
  EXPECT_EQ(history.operations[0].invoked_at, Time{5});
  EXPECT_EQ(to_json(history.operations[1].argument), "[3,4]");
  EXPECT_EQ(history.operations[1].key, "");
  EXPECT_EQ(history.faults.size(), 1U);
  EXPECT_TRUE(history.nil_reads_are_unknown);
}

TEST(JepsenEdn, a_vector_over_several_lines_is_the_same_history) {
  const TemporaryFile file("[" + std::string(edn_history) + "]\n");
  const auto history = read_history(file.path());
  EXPECT_EQ(history.operations.size(), 2U);
  EXPECT_EQ(history.place_of(4).line, 5);
}

TEST(JepsenEdn, a_list_and_maps_of_several_lines_are_the_same_history) {
  const TemporaryFile file(
      "(#jepsen.history.Op{:process 0,\n :type :invoke,\n\n :f :write, :value 3}\n"
      " {:process 0, :type :ok, ; answered\n  :f :write, :value 3})\n");
  ASSERT_EQ(format_of(file.path()), Format::edn);
  const auto history = read_history(file.path());
  ASSERT_EQ(history.operations.size(), 1U);
  EXPECT_EQ(history.operations[0].outcome, Outcome::ok);
  EXPECT_EQ(history.place_of(1).line, 5);
}

TEST(JepsenEdn, independent_keys_are_taken_apart) {
  const TemporaryFile file(
      "{:process 0, :type :invoke, :f :read, :value [7 nil]}\n"
      "{:process 1, :type :invoke, :f :cas, :value [\"a\" [1 2]]}\n"
      "{:process 0, :type :ok, :f :read, :value [7 5]}\n");
  const auto history = read_history(file.path());
  EXPECT_EQ(history.operations[0].key, "7");
  EXPECT_EQ(history.operations[0].result, Value(5));
  EXPECT_EQ(history.operations[1].key, "a");
  EXPECT_EQ(to_json(history.operations[1].argument), "[1,2]");
}

TEST(JepsenEdn, a_pair_of_a_plain_register_stays_a_pair) {
  const TemporaryFile file(
      "{:process 0, :type :invoke, :f :read, :value nil}\n"
      "{:process 0, :type :ok, :f :read, :value [7 5]}\n");
  EXPECT_EQ(to_json(read_history(file.path()).operations[0].result), "[7,5]");
}

TEST(JepsenEdn, a_cut_off_end_is_forgiven_and_anything_else_is_placed) {
  const TemporaryFile cut(std::string(edn_history) + "{:process 0, :type :inv");
  const auto history = read_history(cut.path());
  ASSERT_EQ(history.warnings.size(), 1U);
  EXPECT_THAT(history.warnings[0], HasSubstr(":6: the last operation was cut off"));
  const auto message = [](const std::string& content) {
    const TemporaryFile file(content);
    try {
      read_history(file.path());
    } catch (const InputError& error) {
      return std::string(error.what()).substr(file.path().string().size());
    }
    return std::string("accepted");
  };
  EXPECT_THAT(message("{:process 0, :type :invoke, :f :read}\n  {:process 0, :type :odd, :f :x}\n"),
              HasSubstr(":2:3: :type must be"));
  EXPECT_THAT(message("{:process 0, :f }\n"), HasSubstr(":1:17: a map needs a value"));
  EXPECT_THAT(message("{:process"), HasSubstr(":1:1: the text ends"));
}

TEST(JepsenLog, operations_are_picked_from_among_other_lines) {
  const TemporaryFile file(
      "INFO  jepsen.core - Setting up\n"
      "INFO  jepsen.util - 0\t:invoke\t:read\tnil\n"
      "2024-01-01 10:00:00,000{GMT}\tINFO\t[jepsen worker 1] jepsen.util: noise\n"
      "INFO  jepsen.util - 1 :invoke :cas [0 3]\n"
      "INFO  jepsen.util - :nemesis :info :start nil\n"
      "INFO  jepsen.util - 0 :ok :read 4\n"
      "INFO  jepsen.util - 1 :info :cas [0 3] :timed-out\n");
  ASSERT_EQ(format_of(file.path()), Format::jepsen_log);
  const auto history = read_history(file.path());
  ASSERT_EQ(history.operations.size(), 2U);
  EXPECT_EQ(history.operations[0].result, Value(4));
  EXPECT_EQ(history.operations[1].outcome, Outcome::info);
  EXPECT_EQ(history.place_of(history.operations[1].invoked).line, 4);
  EXPECT_EQ(history.faults.size(), 1U);
}

TEST(JepsenLog, an_operation_is_found_behind_any_prefix) {
  for (const auto* prefix :
       {"2024-03-05 10:11:12,345{GMT}\tINFO\t[jepsen worker 3] jepsen.util: ",
        "INFO [2024-03-05 10:11:12,345] jepsen worker 3 - jepsen.util ",
        "[2024-03-05] INFO jepsen.util - ", "INFO  jepsen.util - ", "12:00:01 ", ""}) {
    const TemporaryFile file(std::string(prefix) + "3\t:invoke\t:write\t5\n" + prefix +
                             ":nemesis\t:info\t:start\tnil\n" + prefix + "3\t:ok\t:write\t5\n");
    ASSERT_EQ(format_of(file.path()), Format::jepsen_log) << prefix;
    const auto history = read_history(file.path());
    ASSERT_EQ(history.operations.size(), 1U) << prefix;
    EXPECT_EQ(history.operations[0].process, ProcessId{3}) << prefix;
    EXPECT_EQ(history.operations[0].outcome, Outcome::ok) << prefix;
    EXPECT_EQ(history.faults.size(), 1U) << prefix;
  }
}

TEST(JepsenLog, a_word_in_a_sentence_is_no_process) {
  EXPECT_TRUE(is_jepsen_log_operation("client-1 :invoke :read nil"));
  EXPECT_TRUE(is_jepsen_log_operation("INFO  jepsen.util - client-1 :invoke :read nil"));
  EXPECT_TRUE(
      is_jepsen_log_operation("INFO [worker 0] jepsen.util: client-1\t:invoke\t:read\tnil"));
  EXPECT_FALSE(is_jepsen_log_operation("INFO  jepsen.core - worker returned :ok :read nil"));
  EXPECT_FALSE(is_jepsen_log_operation("{:process 0, :type :invoke :f :read}"));
}

TEST(JepsenEdn, a_vector_on_one_line_keeps_its_line_and_columns) {
  const TemporaryFile file(
      "\n[{:process 0 :type :invoke :f :read} {:process 0 :type :ok :f :read :value 1}\n"
      " {:process 0 :type :invoke :f :read :f :write}]\n");
  try {
    read_history(file.path());
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr(":3:2: the map has :f twice"));
  }
}

TEST(JepsenEdn, fields_and_outcomes_have_the_names_that_the_user_gives) {
  const TemporaryFile file(
      "{:proc 4, :kind :begin, :op :read, :value nil, :at 1.5, :process 9}\n"
      "#op{:proc 4, :kind :ok, :op :read, :value 7, :at 2}\n");
  Interpretation interpretation;
  interpretation.names.fields = {
      {"proc", "process"}, {":kind", "type"}, {"op", "f"}, {"at", "time_s"}};
  interpretation.names.types = {{":begin", "invoke"}};
  checker::Budget budget;
  const auto history = read_foreign_history(file.path(), interpretation, budget);
  ASSERT_EQ(history.operations.size(), 1U);
  EXPECT_EQ(history.operations[0].process, ProcessId{4});
  EXPECT_EQ(history.operations[0].result, Value(7));
  EXPECT_EQ(history.operations[0].returned_at - history.operations[0].invoked_at,
            std::chrono::milliseconds(500));
  interpretation.names.fields.emplace("kee", "key");
  EXPECT_THROW(read_foreign_history(file.path(), interpretation, budget), InputError);
}

TEST(JepsenEdn, the_key_may_be_a_field) {
  const TemporaryFile file(
      "{:process 0, :type :invoke, :f :read, :key :x}\n"
      "{:process 1, :type :invoke, :f :read, :key 7}\n");
  const auto history = read_history(file.path());
  EXPECT_EQ(history.operations[0].key, "x");
  EXPECT_EQ(history.operations[1].key, "7");
}

TEST(JepsenEdn, a_time_that_is_a_fraction_is_refused) {
  const TemporaryFile file("{:process 0, :type :invoke, :f :read, :time 1.25}\n");
  EXPECT_THROW(read_history(file.path()), InputError);
}

TEST(JepsenLog, what_stands_behind_the_value_is_text) {
  std::vector<std::string> errors;
  const TemporaryFile file(
      "0 :info :write 1 5000ms passed (\n"
      "0 :info :write 1 :timed-out\n"
      "0 :info :write 1 \"no \\\"leader\\\"\" \n"
      "0 :info :write 1\n");
  LineReader lines(file.path());
  ProcessNames processes;
  read_jepsen_log(
      lines, [&](Event& event, std::int64_t) { errors.push_back(event.error); }, processes);
  EXPECT_THAT(errors, testing::ElementsAre("5000ms passed (", "timed-out", "no \"leader\"", ""));
}

TEST(Formats, are_told_from_the_content) {
  const TemporaryFile json("\n{ \"process\":0}\n");
  EXPECT_EQ(format_of(json.path()), Format::json_lines);
  const TemporaryFile empty("");
  EXPECT_EQ(format_of(empty.path()), Format::json_lines);
  const TemporaryFile garbage("hello\nworld\n");
  EXPECT_THROW(format_of(garbage.path()), InputError);
}

}  // namespace
}  // namespace sunder::history
