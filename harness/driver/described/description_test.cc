#include "harness/driver/described/description.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/temporary_file.h"

namespace sunder::harness::described {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Description, says_which_operations_its_adapter_can_do) {
  const TemporaryFile usual(R"({"node": ["a"], "adapter": ["b"]})");
  EXPECT_EQ(read_description(usual.path()).operations.text(), "register (cas, read, write)");
  const TemporaryFile file(
      R"({"node": ["a"], "adapter": ["b"], "operations": {"set": ["add", "read"], "ids": ["generate"]}})");
  EXPECT_EQ(read_description(file.path()).operations.text(), "set (add, read), ids (generate)");
}

std::string refusal_of(const std::string& text) {
  const TemporaryFile file(text);
  try {
    read_description(file.path());
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Description, a_node_and_an_adapter_are_enough) {
  const TemporaryFile file(R"({"node":["store","{client}"],"adapter":["talk"]})");
  const auto description = read_description(file.path());
  EXPECT_THAT(description.node, ElementsAre("store", "{client}"));
  EXPECT_THAT(description.adapter, ElementsAre("talk"));
  EXPECT_EQ(description.here, file.path().parent_path());
  EXPECT_FALSE(description.multiplexed);
}

TEST(Description, a_level_of_isolation_has_one_name) {
  const TemporaryFile file(R"({"node":["a"],"adapter":["b"],"isolation":"strict"})");
  EXPECT_EQ(read_description(file.path()).isolation, "strict-serializable");
  EXPECT_THAT(refusal_of(R"({"node":["a"],"adapter":["b"],"isolation":"good"})"),
              HasSubstr("there is no isolation level good"));
}

TEST(Description, what_is_wrong_with_it_is_said) {
  EXPECT_THAT(refusal_of("{"), HasSubstr("not JSON: parse error at line 1, column 2"));
  EXPECT_THAT(refusal_of(R"({"adapter":["talk"]})"), HasSubstr("\"node\" is missing"));
  EXPECT_THAT(refusal_of(R"({"node":[],"adapter":["talk"]})"),
              HasSubstr("node: must be a command line"));
  EXPECT_THAT(refusal_of(R"({"node":["a"],"adapter":["talk"],"peer_list":1})"),
              HasSubstr("\"peer_list\" is not known here; allowed are node, adapter"));
  EXPECT_THROW(read_description("/nowhere/system.json"), std::invalid_argument);
}

TEST(Description, placeholders_are_filled_in_and_other_braces_are_left_alone) {
  const Placeholders placeholders{{"node", "n1"}, {"client", "127.1.2.3:7000"}};
  EXPECT_EQ(fill_in("{node}=http://{client}/{node}", placeholders), "n1=http://127.1.2.3:7000/n1");
  EXPECT_EQ(fill_in(R"({"a":{}} {, {A} {node)", placeholders), R"({"a":{}} {, {A} {node)");
  EXPECT_THROW(fill_in("{pear}", placeholders), std::invalid_argument);
}

}  // namespace
}  // namespace sunder::harness::described
