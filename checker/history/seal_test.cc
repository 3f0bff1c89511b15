#include "checker/history/seal.h"

#include <fstream>
#include <initializer_list>

#include <gtest/gtest.h>

#include "checker/history/input_error.h"
#include "testing/temporary_folder.h"

namespace sunder::history {
namespace {

Seal seal(std::initializer_list<std::string_view> lines) {
  Sealer sealer;
  for (const auto line : lines) sealer.add(line);
  return sealer.seal();
}

TEST(Seal, is_of_json_values_so_that_their_spelling_is_of_no_account) {
  const auto written = seal({R"({"a":1,"b":[1,2],"c":{"d":"x","e":null}})", R"({"rate":150.0})"});
  const auto respelled =
      seal({R"( {"c": {"e":null,"d":"\u0078"}, "b" :[ 1,2 ], "a":1})", " ", "{\"rate\":150}\r"});
  EXPECT_EQ(written, respelled);
  EXPECT_EQ(difference(written, respelled), "");
}

TEST(Seal, tells_what_was_removed_added_changed_or_moved) {
  const auto written = seal({R"({"a":1})", R"({"a":2})", R"({"a":[1,2]})"});
  EXPECT_EQ(difference(written, seal({R"({"a":1})"})), "lacks 2 of its 3 records");
  EXPECT_EQ(difference(written, seal({R"({"a":1})", R"({"a":2})", R"({"a":[1,2]})", "{}"})),
            "has 1 records more than the 3 that the run wrote");
  EXPECT_EQ(difference(written, seal({R"({"a":1})", R"({"a":2})", R"({"a":[2,1]})"})),
            "has a record that the run did not write");
  EXPECT_EQ(difference(written, seal({R"({"a":1})", R"({"a":2})", R"({"a":[1,2)"})),
            "has a record that the run did not write");
  EXPECT_EQ(difference(written, seal({R"({"a":2})", R"({"a":1})", R"({"a":[1,2]})"})),
            "has its records in another order");
}

TEST(Seal, tells_values_of_different_types_apart) {
  const std::initializer_list<std::string_view> values{
      "1",    "\"1\"", "[1]",        "{\"1\":1}", "true", "null", "false",
      "\"\"", "[]",    "{\"1\":[]}", "{}",        "1.5",  "-1",   "18446744073709551615"};
  for (const auto left : values) {
    for (const auto right : values) {
      EXPECT_EQ(seal({left}) == seal({right}), left == right) << left << " and " << right;
    }
  }
}

TEST(Seal, of_a_file_that_cannot_be_read_is_refused) {
  const TemporaryFolder folder;
  EXPECT_THROW(seal_of(folder.path() / "missing"), InputError);
  EXPECT_THROW(seal_of(folder.path()), InputError);
  std::ofstream(folder.path() / "file") << "{}\n\n{\"a\":1}";
  EXPECT_EQ(seal_of(folder.path() / "file"), seal({"{}", R"({"a":1})"}));
}

}  // namespace
}  // namespace sunder::history
