#include "nemesis/schedule/schedule.h"

#include <map>
#include <set>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "nemesis/kinds/kill.h"
#include "nemesis/kinds/partition.h"
#include "nemesis/kinds/power_loss.h"
#include "node/api/nodes_test.h"

namespace sunder::nemesis {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

const char* const three_kinds = "kill,pause,partition";

Schedule make(std::uint64_t seed, std::string_view nemeses = three_kinds, Duration time_limit = 30s,
              Duration interval = 5s) {
  return make_schedule(seed, parse_nemeses(nemeses), time_limit, interval);
}

std::map<std::string, std::vector<Fault>> by_kind(const Schedule& schedule) {
  std::map<std::string, std::vector<Fault>> kinds;
  for (const Fault& fault : schedule.faults)
    kinds[std::string(fault.action.kind().name())].push_back(fault);
  return kinds;
}

std::string refusal_of_schedule(std::string_view text) {
  try {
    parse_schedule(text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Schedule, the_same_seed_gives_the_same_schedule_and_another_seed_another) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    EXPECT_EQ(make(seed), make(seed));
    EXPECT_NE(make(seed), make(seed + 1));
  }
}

// Seeds in reports and issues must keep their meaning: a change here breaks every one of them.
TEST(Schedule, a_seed_means_the_same_schedule_for_ever) {
  EXPECT_EQ(to_json(make(1, "kill,partition", 5s, 5s)).dump(),
            R"({"faults":[{"id":1,"kind":"partition","shape":"one","target":"leader",)"
            R"("at":"1640ms","duration":"1809ms","pick":7151685634788396},)"
            R"({"id":2,"kind":"kill","target":"majority",)"
            R"("at":"2917ms","duration":"1553ms","pick":4001580682190902}]})");
}

// FNV-1a.
std::uint64_t digest_of(std::string_view text, std::uint64_t digest) {
  for (const char byte : text) {
    digest = (digest ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  }
  return digest;
}

TEST(Schedule, every_option_draws_from_a_seed_what_it_always_drew) {
  const std::map<std::string_view, std::uint64_t> digests{
      {"kill", 0xbccabf22c494187c},       {"pause", 0x6b57b7eea5e63326},
      {"partition", 0x714604fc5d452a49},  {"restart-storm", 0x271a1ed34799d90f},
      {"slow-start", 0x146fc624cd228994}, {"cut", 0xb1130313957c3cda},
      {"reset", 0xc3526e56a84689a3},      {"drop", 0x988c78b7d57d11bb},
      {"delay", 0x3a77c1bd11c0fd2e},      {"duplicate", 0x3ddf56138d22d6be},
      {"reorder", 0xb7dcf5a40a145b1a},    {"throttle", 0x255971b50132864a},
      {"corrupt", 0xa3b2dc4b15ac5077},    {"transfer", 0xeb4a9ebff45a653d},
      {"membership", 0x7c1a68113493a82d}, {"power-loss", 0x70c0d3ee09dd34df},
      {"disk", 0xca0a954f6b47ed4b},       {"clock", 0xd3c37b6dd641b541},
      {"ambush", 0x6bb36f619d39b6c0}};
  for (const NemesisOption* option : nemesis_options()) {
    std::uint64_t digest = 0xcbf29ce484222325;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      auto schedule = to_json(make(seed, option->name()));
      // Drawn since a schedule says which names a power loss keeps.
      for (auto& fault : schedule["faults"]) {
        const bool is_told = option->name() == "power-loss";
        EXPECT_EQ(fault.value("names", ""), is_told ? "kept" : "");
        fault.erase("names");
      }
      digest = digest_of(schedule.dump(), digest);
    }
    const auto known = digests.find(option->name());
    ASSERT_NE(known, digests.end()) << option->name() << " has no row: " << digest;
    EXPECT_EQ(digest, known->second) << option->name();
  }
}

TEST(Schedule, each_kind_strikes_once_an_interval_and_heals_within_it) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    for (const auto& [kind, faults] : by_kind(make(seed))) {
      ASSERT_EQ(faults.size(), 6u) << kind << ", seed " << seed;
      for (std::size_t i = 0; i < faults.size(); ++i) {
        const Duration begin = 5s * static_cast<int>(i);
        EXPECT_GE(faults[i].at, begin);
        EXPECT_GE(faults[i].duration, 1250ms);
        EXPECT_LE(faults[i].duration, 4700ms);
        EXPECT_LT(faults[i].at + faults[i].duration, begin + 5s);
      }
    }
  }
}

TEST(Schedule, a_run_shorter_than_the_interval_still_gets_every_kind) {
  EXPECT_EQ(by_kind(make(1, three_kinds, 2s, 5s)).size(), 3u);
  EXPECT_EQ(make(1, three_kinds, 10s, 5s).faults.size(), 6u);
}

TEST(Schedule, ids_are_unique_and_in_the_order_of_time) {
  const Schedule schedule = make(7);
  for (std::size_t i = 0; i < schedule.faults.size(); ++i) {
    EXPECT_EQ(schedule.faults[i].id, static_cast<int>(i) + 1);
    if (i > 0) {
      EXPECT_LE(schedule.faults[i - 1].at, schedule.faults[i].at);
    }
  }
}

TEST(Schedule, the_faults_of_an_ambush_are_counted_from_its_strike) {
  const Schedule schedule = make(1, "ambush:figure-8", 5s);
  ASSERT_EQ(schedule.faults.size(), 5u);
  EXPECT_EQ(schedule.faults[4].at - schedule.faults[0].at, 900ms);
  EXPECT_EQ(schedule.faults[4].trigger->event, NodeEvent::appended);
}

TEST(Schedule, refinements_of_one_kind_take_turns_and_do_not_overlap) {
  const auto faults = by_kind(make(3, "partition:bridge,partition:halves", 300s))["partition"];
  std::set<PartitionShape> shapes;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    shapes.insert(faults[i].action.get<Partition>().shape);
    if (i > 0) {
      EXPECT_LT(faults[i - 1].at + faults[i - 1].duration, faults[i].at);
    }
  }
  EXPECT_EQ(shapes, (std::set{PartitionShape::bridge, PartitionShape::halves}));
}

TEST(Schedule, without_choices_or_time_there_are_no_faults) {
  EXPECT_THAT(make(1, "none").faults, IsEmpty());
  EXPECT_THAT(make(1, three_kinds, 0s).faults, IsEmpty());
}

TEST(Schedule, is_written_as_it_is_read) {
  std::string every_kind;
  for (const NemesisOption* option : nemesis_options()) {
    every_kind += (every_kind.empty() ? "" : ",") + std::string(option->name());
  }
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Schedule schedule = make(seed, every_kind);
    EXPECT_EQ(parse_schedule(to_json(schedule).dump()), schedule) << "seed " << seed;
  }
}

TEST(Schedule, a_power_loss_that_does_not_say_which_names_it_keeps_loses_them) {
  const auto names_of = [](const std::string& member) {
    const auto schedule =
        parse_schedule(R"({"faults":[{"id":1,"kind":"power-loss","unsynced":"lost",)" + member +
                       R"("target":"all","at":"1s","duration":"1s","pick":1}]})");
    return schedule.faults[0].action.get<PowerLoss>().names;
  };
  EXPECT_EQ(names_of(""), disk::Names::lost);
  EXPECT_EQ(names_of(R"("names":"lost",)"), disk::Names::lost);
  EXPECT_EQ(names_of(R"("names":"kept",)"), disk::Names::kept);
}

TEST(Schedule, a_mistake_in_a_file_is_named_with_its_place) {
  EXPECT_THAT(refusal_of_schedule("{\"faults\":\n [}"), HasSubstr("line 2, column 3"));
  EXPECT_THAT(refusal_of_schedule("[]"), HasSubstr("schedule: must be an object"));
  EXPECT_THAT(refusal_of_schedule("{}"), HasSubstr("\"faults\" is missing"));
  EXPECT_THAT(refusal_of_schedule(R"({"faults":{}})"),
              HasSubstr("schedule.faults: must be a list"));
  EXPECT_THAT(refusal_of_schedule(R"({"faults":[],"x":1})"), HasSubstr("\"x\" is not known here"));
  EXPECT_THAT(refusal_of_schedule(R"({"faults":[7]})"), HasSubstr("faults[0]: must be an object"));
}

TEST(Schedule, two_faults_may_not_share_an_id) {
  nlohmann::ordered_json schedule = to_json(make(1));
  schedule["faults"][1]["id"] = schedule["faults"][0]["id"];
  EXPECT_THAT(refusal_of_schedule(schedule.dump()), HasSubstr("faults[1].id"));
}

TEST(Schedule, a_node_that_does_not_exist_is_named) {
  Schedule schedule;
  schedule.faults.push_back({.id = 4, .action = Kill{}, .target = {TargetRule::nodes, {n2, n6}}});
  EXPECT_NO_THROW(require_nodes(schedule, 6));
  try {
    require_nodes(schedule, 5);
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), HasSubstr("fault 4: target n6 does not exist"));
  }
}

TEST(Schedule, says_whether_it_strikes_the_clients) {
  for (const char* usual : {"partition", "cut", "reset", "delay", "kill"}) {
    EXPECT_FALSE(strikes_clients(make(1, usual, 5s, 1s))) << usual;
  }
  for (const char* kind : {"partition:clients", "partition:everyone", "cut:clients",
                           "reset:clients", "drop:clients", "delay:clients", "throttle:clients"}) {
    const Schedule schedule = make(1, kind, 5s, 1s);
    EXPECT_TRUE(strikes_clients(schedule)) << kind;
    EXPECT_EQ(schedule_from_json(nlohmann::json::parse(to_json(schedule).dump())), schedule)
        << kind;
  }
}

}  // namespace
}  // namespace sunder::nemesis
