#include "checker/history/json_objects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/history/input_error.h"
#include "checker/history/read.h"
#include "testing/temporary_file.h"

namespace sunder::history {
namespace {

using testing::HasSubstr;

constexpr const char* invoked_line = R"({"process":0,"type":"invoke","f":"write","value":1})";
constexpr const char* completed_line = R"({"process":0,"type":"ok","f":"write","value":1})";
constexpr const char* pretty =
    "{\n  \"process\": 0,\n  \"type\": \"invoke\",\n  \"f\": \"write\",\n  \"value\": "
    "\"}\\\"{\"\n}\n"
    "{\n  \"process\": 0, \"type\": \"ok\",\n \"f\": \"write\" }\n";

std::string refusal_of_text(const std::string& text) {
  const TemporaryFile file(text);
  try {
    read_history(file.path());
  } catch (const InputError& error) {
    return std::string(error.what()).substr(file.path().string().size());
  }
  return "accepted";
}

TEST(JsonText, an_array_and_objects_of_several_lines_are_histories) {
  for (const auto& text : {std::string("[") + invoked_line + ",\n" + completed_line + "]",
                           "[\n" + std::string(pretty) + "]", std::string(pretty),
                           std::string("\n [ ") + invoked_line + " , " + completed_line + " ]\n"}) {
    const TemporaryFile file(text);
    ASSERT_EQ(format_of(file.path()), Format::json_text) << text;
    const auto history = read_history(file.path());
    ASSERT_EQ(history.operations.size(), 1U) << text;
    EXPECT_EQ(history.operations[0].outcome, Outcome::ok) << text;
    EXPECT_TRUE(history.warnings.empty()) << text;
    EXPECT_FALSE(history.nil_reads_are_unknown) << text;
  }
}

TEST(JsonText, errors_name_the_line_in_the_object) {
  EXPECT_THAT(refusal_of_text("{\n\"process\": 0,\n  \"type\": \"odd\",\n\"f\":\"x\"}\n"),
              HasSubstr(":3:11: type \"odd\""));
  EXPECT_THAT(refusal_of_text(std::string("[") + invoked_line + ",\n  5]"),
              HasSubstr(":2:3: expected"));
  EXPECT_THAT(refusal_of_text(std::string("[") + invoked_line + "]]"), HasSubstr(":1:"));
}

TEST(JsonText, a_cut_off_end_is_a_warning) {
  for (const auto* end : {"", ",", ",\n{\"process\":0,\"ty"}) {
    const TemporaryFile file(std::string("[") + invoked_line + end);
    const auto history = read_history(file.path());
    ASSERT_EQ(history.warnings.size(), 1U) << end;
    EXPECT_THAT(history.warnings[0], HasSubstr("was cut off")) << end;
  }
}

TEST(JsonText, lines_of_one_object_each_are_json_lines) {
  const TemporaryFile file(std::string(invoked_line) + "\n" + completed_line + "\n");
  EXPECT_EQ(format_of(file.path()), Format::json_lines);
}

}  // namespace
}  // namespace sunder::history
