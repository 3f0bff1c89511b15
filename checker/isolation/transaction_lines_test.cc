#include "checker/isolation/transaction_lines.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/history/read.h"
#include "checker/isolation/random_transactions_test.h"
#include "testing/temporary_file.h"

namespace sunder::checker::isolation {
namespace transaction_lines_test {

using history::History;
using history::Value;

std::string shown(const Step& step, const Transactions& all) {
  const auto& key = all.keys[step.key];
  const auto value = [&](ValueId id) {
    return id == initial ? std::string("nil") : to_json(key.values.at(id - 1));
  };
  auto text = fmt::format("{}:{} ", key.name, key.is_list ? "list" : "register");
  if (step.kind == Step::Kind::unanswered_read) return text + "r ?";
  if (step.kind == Step::Kind::append) return text + "append " + value(step.value);
  if (step.kind == Step::Kind::write) return text + "w " + value(step.value);
  if (step.kind == Step::Kind::read_register) return text + "r " + value(step.value);
  text += "r [";
  for (const auto element : all.list_of(step)) text += value(element) + " ";
  return text + "]";
}

std::vector<std::string> shown(const Transactions& all) {
  std::vector<std::string> lines;
  for (const auto& each : all.transactions) {
    auto line = fmt::format("{} {} {} {} {}:", each.process, name_of(each.outcome), each.invoked,
                            each.returned, each.operation);
    for (const auto& step : all.steps_of(each)) line += " " + shown(step, all);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> shown(const std::vector<history::Operation>& operations) {
  std::vector<std::string> lines;
  for (const auto& each : operations) {
    lines.push_back(fmt::format("{} {} {} {} {} {} {}", static_cast<std::int64_t>(each.process),
                                each.f.text(), name_of(each.outcome), each.invoked, each.returned,
                                each.invoked_at.count(), each.returned_at.count()));
  }
  return lines;
}

struct BothWays {
  std::optional<TransactionLines> fast;
  History history;
  /// Absent if the general way refuses the file.
  std::optional<Transactions> general;
};

BothWays read_both_ways(const std::string& text) {
  const TemporaryFile file(text);
  Budget budget;
  BothWays both;
  both.fast = read_transaction_lines(file.path(), budget);
  try {
    both.history = history::read_foreign_history(file.path(), {}, budget);
    both.general = transactions_of(both.history);
  } catch (const history::InputError&) {
  }
  return both;
}

void expect_same(const BothWays& both) {
  ASSERT_TRUE(both.fast.has_value());
  ASSERT_TRUE(both.general.has_value());
  EXPECT_EQ(shown(both.fast->transactions), shown(*both.general));
  EXPECT_EQ(both.fast->transactions.keys.size(), both.general->keys.size());
  EXPECT_EQ(both.fast->transactions.revisions, both.general->revisions);
  EXPECT_EQ(shown(both.fast->operations()), shown(both.history.operations));
  EXPECT_EQ(both.fast->history.source, both.history.source);
  EXPECT_EQ(both.fast->history.faults, both.history.faults);
  EXPECT_EQ(both.fast->history.lines, both.history.lines);
  EXPECT_EQ(both.fast->history.errors, both.history.errors);
}

bool is_read_fast(const std::string& text) {
  const auto both = read_both_ways(text);
  if (both.fast) expect_same(both);
  return both.fast.has_value();
}

/// An event with the index and time of its place.
std::string event_line(int place, int process, const char* type, const std::string& value,
                       const std::string& more = "") {
  return fmt::format(R"({{"index":{},"time":{},"process":{},"type":"{}","f":"txn","value":{}{}}})"
                     "\n",
                     place, place * 1000, process, type, value, more);
}

std::string whole_line(int place, int process, const std::string& asked,
                       const std::string& answered) {
  return event_line(place, process, "invoke", asked) +
         event_line(place + 1, process, "ok", answered);
}

}  // namespace transaction_lines_test

namespace {

using namespace transaction_lines_test;

TEST(TransactionLines, both_ways_read_the_same_of_random_histories) {
  for (int seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Random random(static_cast<std::uint64_t>(seed));
    const auto kind = static_cast<stores_test::Kind>(seed % 3);
    const auto small = random_transactions_test::random_transactions(random, kind);
    const auto both = read_both_ways(to_lines(small));
    ASSERT_EQ(both.fast.has_value(), both.general.has_value());
    if (both.fast) expect_same(both);
  }
}

TEST(TransactionLines, both_ways_read_the_same_of_stores_with_long_lists) {
  for (std::size_t store = 0; store < stores_test::store_count; ++store) {
    for (const auto kind : {stores_test::Kind::lists, stores_test::Kind::mixed}) {
      Random random(store);
      stores_test::PlayShape shape;
      shape.transactions = 400;
      shape.writes_per_key = 150;
      shape.clients = 8;
      shape.kind = kind;
      const auto small = stores_test::play(random, static_cast<stores_test::Store>(store), shape);
      expect_same(read_both_ways(to_lines(small)));
    }
  }
}

TEST(TransactionLines, texts_are_keys_and_values_too) {
  EXPECT_TRUE(
      is_read_fast(whole_line(0, 0, R"([["append","x","a]"],["append","1","b,"],["append",1,7]])",
                              R"([["append","x","a]"],["append","1","b,"],["append",1,7]])") +
                   whole_line(2, 0, R"([["r","x",null],["r","1",null],["r",1,null],["r",2,null]])",
                              R"([["r","x",["a]"]],["r","1",["b,"]],["r",1,[7]],["r",2,[]]])")));
}

TEST(TransactionLines, a_key_that_nobody_writes_is_what_the_other_keys_are) {
  const auto* asked = R"([["r",3,null],["r",4,null]])";
  EXPECT_TRUE(is_read_fast(whole_line(0, 0, R"([["w",1,1]])", R"([["w",1,1]])") +
                           whole_line(2, 0, asked, asked) +
                           whole_line(4, 0, R"([["r",4,null]])", R"([["r",4,9]])")));
  EXPECT_TRUE(is_read_fast(whole_line(0, 0, R"([["append",1,1]])", R"([["append",1,1]])") +
                           whole_line(2, 0, asked, asked)));
}

TEST(TransactionLines, lists_that_contradict_each_other_stay_apart) {
  std::string text;
  for (int i = 0; i < 6; ++i) {
    text += whole_line(2 * i, 0, fmt::format(R"([["append",1,{}]])", 10 + i),
                       fmt::format(R"([["append",1,{}]])", 10 + i));
  }
  int place = 12;
  for (const auto* list : {"[10]", "[10,11]", "[1]", "[10,1]", "[10,12,11]", "[10,11,12]", "[]",
                           "[10,12,11,13]", "[10,12]", "[10,11,12,13,14]", "[10,10]", "[15]",
                           "[10,1]", "[10,11,12,13,14,15]", "[10,12,11,13,99]", "[10,11,12,1]"}) {
    text += whole_line(place, 0, R"([["r",1,null]])", fmt::format(R"([["r",1,{}]])", list));
    place += 2;
  }
  EXPECT_TRUE(is_read_fast(text));
}

TEST(TransactionLines, what_is_read_before_it_is_written_is_the_same_value) {
  EXPECT_TRUE(is_read_fast(
      whole_line(0, 0, R"([["r",1,null],["r",2,null]])", R"([["r",1,[5,6]],["r",2,8]])") +
      whole_line(2, 1, R"([["append",1,6],["append",1,5],["w",2,8]])",
                 R"([["append",1,6],["append",1,5],["w",2,8]])") +
      whole_line(4, 1, R"([["r",1,null]])", R"([["r",1,[5,6]]])")));
}

TEST(TransactionLines, many_appends_that_nobody_has_read_are_found) {
  std::string asked;
  std::string list;
  for (int i = 0; i < 300; ++i) {
    asked += fmt::format(R"({}["append",1,{}])", i == 0 ? "" : ",", 1000 - i);
    list += fmt::format("{}{}", i == 0 ? "" : ",", 701 + (i * 7) % 300);
  }
  EXPECT_TRUE(is_read_fast(whole_line(0, 0, "[" + asked + "]", "[" + asked + "]") +
                           whole_line(2, 0, R"([["r",1,null]])", R"([["r",1,[)" + list + "]]]")));
}

TEST(TransactionLines, lines_of_the_nemesis_and_other_forms_stand_in_between) {
  EXPECT_TRUE(is_read_fast(
      R"({"index":0,"time":5,"process":"nemesis","type":"info","f":"kill","value":{"nodes":["n1"]}})"
      "\n\n" +
      event_line(1, 0, "invoke", R"([["append",1,1]])") +
      event_line(2, 0, "info", R"([["append",1,1]])", R"(,"error":"connection \"lost\" é")") +
      event_line(3, 1, "invoke", R"([["append",1,2]])") +
      event_line(4, 1, "fail", "null", R"(,"error":"conflict")") +
      R"({"type": "invoke", "time": 6000, "process": 2, "f": "txn", "value": [["r", 1.0, null]]})"
      "\n" +
      event_line(6, 2, "ok", R"([["r",1,[1]]])",
                 R"(,"node":"n1","revision":17,"term":3,"command":"00000000000000ff")") +
      event_line(7, 7, "invoke", "[]") + event_line(8, 7, "ok", "[]", R"(,"revision":18)") +
      event_line(9, 2000000000, "invoke", R"([["r",1,null],["r",1,[3]]])")));
}

TEST(TransactionLines, what_must_be_refused_or_is_no_transaction_is_left_to_the_general_way) {
  const auto one = whole_line(0, 0, R"([["append",1,1]])", R"([["append",1,1]])");
  const std::vector<std::string> others{
      whole_line(2, 0, R"([["append",1,1]])", R"([["append",1,1]])"),
      whole_line(2, 0, R"([["append",1,2],["append",1,2]])", R"([["append",1,2],["append",1,2]])"),
      whole_line(2, 0, R"([["append",1,2],["append",1,0],["append",1,2]])",
                 R"([["append",1,2],["append",1,0],["append",1,2]])"),
      whole_line(2, 0, R"([["w",1,2]])", R"([["w",1,2]])"),
      whole_line(2, 0, R"([["w",2,null]])", R"([["w",2,null]])"),
      whole_line(2, 0, R"([["append",1,2]])", R"([["append",1,3]])"),
      whole_line(2, 0, R"([["append",1,2]])", R"([["append",2,2]])"),
      whole_line(2, 0, R"([["append",1,2]])", R"([])"),
      whole_line(2, 0, R"([])", R"([["r",1,[1]]])"),
      whole_line(2, 0, R"([["r",1,null]])", R"([["r",1,1]])"),
      whole_line(2, 0, R"([["r",1]])", R"([["r",1]])"),
      whole_line(2, 0, R"([["u",1,1]])", R"([["u",1,1]])"),
      whole_line(2, 0, R"(null)", R"(null)"),
      event_line(2, 0, "ok", R"([["append",1,1]])"),
      event_line(2, 1, "invoke", "[]") + event_line(3, 1, "invoke", "[]"),
      event_line(2, 1, "invoke", "[]") + event_line(3, 1, "info", "[]") +
          event_line(4, 1, "invoke", "[]"),
      event_line(2, 1, "invoke", "[],"),
      event_line(2, 1, "invoke", R"([["r",01,null]])"),
      event_line(2, 1, "invoke", R"([["append",1,1,]])"),
      R"({"index":2,"time":9000,"process":1,"type":"invoke","f":"read","value":null})"
      "\n"};
  for (const auto& other : others) {
    const auto both = read_both_ways(one + other);
    EXPECT_FALSE(both.fast.has_value()) << other;
  }
  EXPECT_TRUE(is_read_fast(one));
}

TEST(TransactionLines, files_that_leave_something_open_are_left_to_the_general_way) {
  const auto one = whole_line(4, 0, R"([["append",1,1]])", R"([["append",1,1]])");
  for (const auto& other :
       {one.substr(0, one.size() - 9), one.substr(0, one.size() - 1), std::string(),
        one + whole_line(0, 1, "[]", "[]"),
        one + R"({"process":"a","type":"invoke","f":"txn","value":[],"time":9000})"
              "\n",
        one + R"({"process":3,"type":"invoke","f":"txn","key":"k","value":[],"time":9000})"
              "\n",
        one +
            R"({"process":3,"type":"invoke","f":"txn","value":[["append",1,{"a":1}]],"time":9000})"
            "\n"}) {
    EXPECT_FALSE(read_both_ways(other).fast.has_value()) << other;
  }
}

}  // namespace
}  // namespace sunder::checker::isolation
