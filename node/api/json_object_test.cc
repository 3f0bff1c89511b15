#include "node/api/json_object.h"

#include <stdexcept>

#include <gmock/gmock.h>

#include "node/api/refusal_test.h"

namespace sunder {
namespace {

using testing::ElementsAre;
using testing::Pair;

const nlohmann::json sample = {{"word", "a"},         {"yes", true},        {"list", {"x", "y"}},
                               {"map", {{"k", "v"}}}, {"huge", UINT64_MAX}, {"nothing", nullptr},
                               {"wait", "1500ms"},    {"half", 0.5},        {"minus", -3}};

TEST(JsonObject, reads_what_is_there) {
  const JsonObject object(sample, "it");
  EXPECT_EQ(object.text("word"), "a");
  EXPECT_TRUE(object.boolean("yes"));
  EXPECT_THAT(object.texts("list"), ElementsAre("x", "y"));
  EXPECT_THAT(object.texts_by_name("map"), ElementsAre(Pair("k", "v")));
  EXPECT_EQ(object.unsigned_integer("huge"), UINT64_MAX);
  EXPECT_EQ(object.integer("minus", -3, 3), -3);
  EXPECT_EQ(object.number("half", 0, 1), 0.5);
  EXPECT_EQ(object.duration("wait"), std::chrono::milliseconds(1500));
  EXPECT_EQ(object.optional_text("word"), "a");
  EXPECT_EQ(object.optional_text("absent"), std::nullopt);
  EXPECT_FALSE(object.has("nothing"));
  object.done();
}

TEST(JsonObject, names_the_place_of_a_mistake_and_what_is_allowed) {
  const JsonObject object(sample, "it");
  const auto refusal = [](const auto& read) { return refusal_by(read); };
  EXPECT_EQ(refusal([&] { object.text("absent"); }),
            "it: \"absent\" is missing; it must be a string");
  EXPECT_EQ(refusal([&] { object.text("nothing"); }),
            "it: \"nothing\" is missing; it must be a string");
  EXPECT_EQ(refusal([&] { object.text("yes"); }), "it.yes: must be a string, not true");
  EXPECT_EQ(refusal([&] { object.integer("huge", 0, 9); }),
            "it.huge: must be a whole number from 0 to 9, not 18446744073709551615");
  EXPECT_EQ(refusal([&] { object.texts("map"); }),
            "it.map: must be a list of strings, not {\"k\":\"v\"}");
  EXPECT_EQ(refusal([&] { object.done(); }),
            "it: \"half\" is not known here; allowed are absent, nothing, yes, huge, map");
  EXPECT_EQ(refusal([] { JsonObject(nlohmann::json(5), "it"); }), "it: must be an object");
}

TEST(JsonObject, of_a_file_that_is_not_json_names_line_and_column) {
  EXPECT_THAT(refusal_by([] { parse_json("{\n\"a\": }"); }),
              testing::StartsWith("not JSON: parse error at line 2, column 6"));
}

}  // namespace
}  // namespace sunder
