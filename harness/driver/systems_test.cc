#include "harness/driver/systems.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <boost/algorithm/string/split.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/api/nodes_test.h"

namespace sunder::harness {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

std::string refusal_of(std::string_view text) {
  Plan plan;
  try {
    choose_system(plan, text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

std::string text_between_backticks(const std::string& cell) {
  const auto from = cell.find('`') + 1;
  return cell.substr(from, cell.find('`', from) - from);
}

// "`drop`, `corrupt`"
std::vector<std::string> kinds_named(const std::string& head) {
  std::vector<std::string> kinds;
  std::istringstream items(head);
  for (std::string item; std::getline(items, item, ',');) {
    kinds.push_back(text_between_backticks(item));
  }
  return kinds;
}

TEST(Systems, a_system_is_chosen_with_its_options) {
  Plan plan;
  choose_system(plan, "raft:snapshot-every=50,pre-vote=off");
  EXPECT_EQ(plan.system, "raft");
  EXPECT_THAT(plan.system_options,
              ElementsAre(Pair("pre-vote", "off"), Pair("snapshot-every", "50")));
  EXPECT_EQ(system_text(plan), "raft:pre-vote=off,snapshot-every=50");
  choose_system(plan, "raft");
  EXPECT_EQ(system_text(plan), "raft");
}

TEST(Systems, a_raft_node_reads_by_a_lease_only_with_check_quorum) {
  EXPECT_EQ(refusal_of("raft:lease=on,pre-vote=off"), "accepted");
  EXPECT_EQ(refusal_of("raft:lease=off,check-quorum=off"), "accepted");
  EXPECT_THAT(refusal_of("raft:lease=on,check-quorum=off"),
              HasSubstr("lease=on needs check-quorum=on"));
}

TEST(Systems, what_is_not_there_is_refused_with_what_is) {
  EXPECT_THAT(refusal_of("zab"), HasSubstr("unknown system 'zab'; there are: raft"));
  EXPECT_THAT(refusal_of("raft:prevote=off"),
              HasSubstr("unknown option 'prevote'; there are: pre-vote, check-quorum"));
  EXPECT_THAT(refusal_of("raft:pre-vote=no"), HasSubstr("pre-vote=no is not allowed: on or off"));
  EXPECT_THAT(refusal_of("raft:snapshot-every="), HasSubstr("a number of entries"));
  EXPECT_THAT(refusal_of("raft:sync=on,sync=off"), HasSubstr("sync twice"));
  EXPECT_THAT(refusal_of("raft:"), HasSubstr("unknown option ''"));
}

TEST(Systems, what_cannot_take_effect_is_named_with_a_reason) {
  for (const auto& system : all_systems()) {
    for (const auto& fault : system.unsupported) {
      const auto needs_it = [&](const auto* option) {
        const auto needed = option->needs("");
        return std::find(needed.begin(), needed.end(), fault.need) != needed.end();
      };
      const auto options = nemesis::nemesis_options();
      EXPECT_TRUE(std::any_of(options.begin(), options.end(), needs_it)) << fault.because;
      EXPECT_FALSE(fault.because.empty()) << system.name;
    }
  }
  EXPECT_EQ(reason_against(find_system("ovsdb"), "drop", proxy_network),
            "its links carry byte streams, not messages");
  EXPECT_TRUE(reason_against(find_system("etcd"), "drop", proxy_network));
  EXPECT_FALSE(reason_against(find_system("etcd"), "drop", switch_network));
  EXPECT_FALSE(reason_against(find_system("etcd"), "membership", proxy_network));
  EXPECT_FALSE(takes_effect_on(find_system("redis"), switch_network)("transfer"));
  EXPECT_TRUE(takes_effect_on(find_system("redis"), proxy_network)("kill"));
}

TEST(Systems, a_file_describes_nodes_at_a_switch_if_the_machine_can) {
  const auto chosen = [](const char* system, const char* network, const char* obstacle) {
    Plan plan;
    plan.system = system;
    plan.network = network;
    const auto remark = choose_network(plan, [obstacle] {
      return obstacle == nullptr ? std::nullopt : std::optional<std::string>(obstacle);
    });
    return plan.network + (remark ? ": " + *remark : "");
  };
  EXPECT_EQ(chosen("store.json", "", nullptr), "switch");
  EXPECT_THAT(chosen("store.json", "", "no veth"),
              AllOf(testing::StartsWith("proxy: "), HasSubstr("no veth")));
  EXPECT_EQ(chosen("store.json", "proxy", "no veth"), "proxy");
  EXPECT_THROW(chosen("store.json", "switch", "no veth"), std::runtime_error);
  EXPECT_EQ(chosen("etcd", "", nullptr), "proxy");
  EXPECT_EQ(chosen("etcd", "switch", nullptr), "switch");
  EXPECT_THROW(chosen("raft", "switch", nullptr), std::invalid_argument);
  EXPECT_THROW(chosen("ovsdb", "switch", nullptr), std::invalid_argument);
  EXPECT_THROW(chosen("maelstrom", "switch", nullptr), std::invalid_argument);
}

// Each row of the table in docs/systems.md is about one system, each column about the kinds of
// faults that its head names.
TEST(Systems, the_documentation_says_the_same_of_their_faults) {
  std::ifstream file(SUNDER_EXAMPLES "/../systems.md");
  std::vector<std::string> kinds;
  std::set<std::string> described;
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> cells;
    boost::algorithm::split(cells, line, [](char c) { return c == '|'; });
    if (cells.size() < 4) {
      kinds.clear();
    } else if (line.starts_with("| system | `kill`")) {
      kinds = cells;
    } else if (!kinds.empty() && !line.starts_with("|---")) {
      const auto name = text_between_backticks(cells.at(1));
      described.insert(name);
      for (std::size_t column = 2; column + 1 < kinds.size(); ++column) {
        for (const auto& kind : kinds_named(kinds[column])) {
          EXPECT_EQ(cells.at(column).starts_with(" yes"),
                    !reason_against(find_system(name), kind, find_system(name).usual_network))
              << name << ": " << kind;
        }
      }
    }
  }
  EXPECT_EQ(described.size(), all_systems().size() + 1);
}

TEST(Systems, a_newcomer_counts_itself_among_nobody) {
  const Plan plan;
  const LoopbackBlock addresses;
  const RunClock clock;
  Watchdog watchdog;
  boost::asio::io_context io;
  nemesis::LinkRules links;
  const auto driver =
      find_system("raft").make_driver(plan, {io, links, addresses, clock, watchdog, {}});
  EXPECT_THAT(driver->launch_newcomer(n2, "data").arguments,
              testing::IsSupersetOf({"--voters", "1,3,4,5"}));
  EXPECT_THAT(driver->launch(n2, "data").arguments, testing::Not(testing::Contains("--voters")));
}

TEST(Systems, every_option_is_known_to_the_node) {
  Plan plan;
  choose_system(plan, "raft:pre-vote=off,check-quorum=on,sync=off,snapshot-every=0,append-bytes=1");
  const LoopbackBlock addresses;
  const RunClock clock;
  Watchdog watchdog;
  boost::asio::io_context io;
  nemesis::LinkRules links;
  const auto driver =
      find_system("raft").make_driver(plan, {io, links, addresses, clock, watchdog, {}});
  const auto arguments = driver->launch(n1, "data").arguments;
  EXPECT_THAT(arguments, testing::IsSupersetOf(
                             {"--no-pre-vote", "--no-sync", "--snapshot-every", "--append-bytes"}));
  EXPECT_THAT(arguments, testing::Not(testing::Contains("--no-check-quorum")));
}

}  // namespace
}  // namespace sunder::harness
