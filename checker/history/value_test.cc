#include "checker/history/value.h"

#include <gtest/gtest.h>

namespace sunder::history {
namespace {

Value canonical(Value value) {
  EXPECT_EQ(canonicalize(value), "");
  return value;
}

TEST(Value, equal_values_have_one_form) {
  EXPECT_EQ(canonical(1.0), Value(1));
  EXPECT_EQ(canonical(-0.0), Value(0));
  EXPECT_EQ(canonical(1.5), Value(1.5));
  EXPECT_EQ(canonical(1e300), Value(1e300));
  EXPECT_EQ(canonical(9223372036854775808.0), Value(9223372036854775808.0));
  EXPECT_EQ(canonical(List{1.0, "1"}), Value(List{1, "1"}));
  const Value one_way = canonical(Object{{"a", 1.0}, {"b", Object{{"d", 2}, {"c", 3}}}});
  const Value other_way = canonical(Object{{"b", Object{{"c", 3}, {"d", 2}}}, {"a", 1}});
  EXPECT_EQ(one_way, other_way);
  EXPECT_EQ(hash_of(one_way), hash_of(other_way));
}

TEST(Value, a_name_that_an_object_has_twice_is_told) {
  Value value(List{Object{{"a", Object{{"x", 1}, {"y", 1}, {"x", 2}}}}});
  EXPECT_EQ(canonicalize(value), "x");
}

TEST(Value, different_keys_have_different_names) {
  EXPECT_EQ(key_name("k1"), "k1");
  EXPECT_EQ(key_name(1), "1");
  EXPECT_EQ(key_name("1"), "\"1\"");
  EXPECT_EQ(key_name("-1"), "\"-1\"");
  EXPECT_EQ(key_name("-"), "-");
  EXPECT_EQ(key_name(true), "true");
  EXPECT_EQ(key_name("true"), "\"true\"");
  EXPECT_EQ(key_name({}), "");
}

}  // namespace
}  // namespace sunder::history
