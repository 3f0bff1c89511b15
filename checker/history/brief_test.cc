#include "checker/history/brief.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sunder::history {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<const Value*> pointers_to_values(const List& values) {
  std::vector<const Value*> pointers;
  for (const auto& each : values) pointers.push_back(&each);
  return pointers;
}

List numbers(int from, int until) {
  List list;
  for (int i = from; i < until; ++i) list.push_back(i);
  return list;
}

TEST(Brief, short_values_are_whole) {
  EXPECT_EQ(brief(17), "17");
  EXPECT_EQ(brief({}), "null");
  EXPECT_EQ(brief(List{1, "a"}), R"([1,"a"])");
  EXPECT_EQ(brief("abc"), R"("abc")");
}

TEST(Brief, a_long_list_is_cut_around_the_missing_element) {
  auto list = numbers(0, 1'000);
  list.erase(list.begin() + 500);
  const Value lost = 500;
  const auto shown = brief(list, std::vector<const Value*>{&lost});
  EXPECT_THAT(shown, HasSubstr("499,501"));
  EXPECT_THAT(shown, HasSubstr("more, "));
  EXPECT_LT(shown.size(), 120U);
  const auto all = numbers(0, 1'000);
  EXPECT_THAT(brief(list, pointers_to_values(all)), HasSubstr("499,501"));
}

TEST(Brief, a_long_list_is_cut_where_its_order_differs) {
  auto list = numbers(0, 1'000);
  std::swap(list[700], list[701]);
  const auto all = numbers(0, 1'000);
  EXPECT_THAT(brief(list, pointers_to_values(all)), HasSubstr("699,701,700"));
}

TEST(Brief, a_long_text_is_cut_behind_what_fits) {
  const std::string text = std::string(5'000, 'a') + "xyz" + std::string(5'000, 'b');
  const Value known = std::string(5'000, 'a');
  const auto shown = brief(text, std::vector<const Value*>{&known});
  EXPECT_THAT(shown, HasSubstr("aaxyzbb"));
  EXPECT_LT(shown.size(), 130U);
}

TEST(Brief, long_elements_of_a_list_are_cut_too) {
  EXPECT_LT(brief(List{std::string(1 << 20, 'x'), std::string(1 << 20, 'y')}).size(), 300U);
}

TEST(Brief, nothing_of_a_value_or_key_controls_a_terminal) {
  const std::string evil = "\033[2Ja\x7F\u009B1m\r\n\x9B";
  for (const auto& shown : {brief(evil), brief(List{evil}), brief(Object{{evil, 1}}),
                            brief_text(evil), printable_line(evil)}) {
    EXPECT_THAT(shown, Not(HasSubstr("\033")));
    EXPECT_THAT(shown, Not(HasSubstr("\u009B")));
    EXPECT_THAT(shown, Not(HasSubstr("\x7F")));
    EXPECT_THAT(shown, Not(HasSubstr("\r")));
    EXPECT_THAT(shown, Not(HasSubstr("\n")));
  }
  EXPECT_EQ(printable("a\nb\tü\033"), "a\nb\tü\\u001b");
}

}  // namespace
}  // namespace sunder::history
