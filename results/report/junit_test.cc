#include "results/report/junit.h"

#include <sstream>
#include <vector>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <gtest/gtest.h>

namespace sunder::results {
namespace {

using boost::property_tree::ptree;
using namespace std::chrono_literals;

ptree parsed(const std::vector<JunitCase>& cases) {
  std::istringstream text(to_junit("nightly", cases));
  ptree tree;
  read_xml(text, tree);
  return tree.get_child("testsuites.testsuite");
}

TEST(Junit, failures_errors_and_skipped_cases_are_told_apart) {
  const ptree suite =
      parsed({{"raft.register", "seed 1", 10s, JunitResult::passed, "", "", ""},
              {"raft.register", "seed 2", 11s, JunitResult::failure, "invalid", "stale", "report"},
              {"raft.register", "seed 3", 1500ms, JunitResult::error, "unknown", "nothing", ""},
              {"raft.register", "seed 4", 0s, JunitResult::skipped, "missed", "not found", ""}});
  EXPECT_EQ(suite.get<int>("<xmlattr>.tests"), 4);
  EXPECT_EQ(suite.get<int>("<xmlattr>.failures"), 1);
  EXPECT_EQ(suite.get<int>("<xmlattr>.errors"), 1);
  EXPECT_EQ(suite.get<int>("<xmlattr>.skipped"), 1);
  EXPECT_EQ(suite.get<std::string>("<xmlattr>.time"), "22.500");
  std::vector<ptree> tests;
  for (const auto& [name, test] : suite) {
    if (name == "testcase") tests.push_back(test);
  }
  ASSERT_EQ(tests.size(), 4u);
  EXPECT_EQ(tests[0].count("failure") + tests[0].count("error"), 0u);
  EXPECT_EQ(tests[0].get<std::string>("<xmlattr>.name"), "seed 1");
  EXPECT_EQ(tests[1].get<std::string>("failure.<xmlattr>.message"), "stale");
  EXPECT_EQ(tests[1].get<std::string>("failure"), "report");
  EXPECT_EQ(tests[2].get<std::string>("error.<xmlattr>.type"), "unknown");
  EXPECT_EQ(tests[3].get<std::string>("skipped.<xmlattr>.message"), "not found");
}

TEST(Junit, any_text_is_escaped) {
  const std::string evil = "\"<b> & ]]>\n</failure>";
  const ptree suite = parsed({{evil, evil, 1s, JunitResult::failure, evil, evil, evil + '\x01'}});
  EXPECT_EQ(suite.get<std::string>("testcase.failure"), evil + '?');
  EXPECT_EQ(suite.get<std::string>("testcase.<xmlattr>.classname"), evil);
}

TEST(Junit, no_runs_are_a_suite_without_tests) {
  EXPECT_EQ(parsed({}).get<int>("<xmlattr>.tests"), 0);
}

}  // namespace
}  // namespace sunder::results
