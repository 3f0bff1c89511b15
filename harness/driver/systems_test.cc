#include "harness/driver/systems.h"

#include <stdexcept>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TEST(Systems, what_is_not_there_is_refused_with_what_is) {
  EXPECT_THAT(refusal_of("zab"), HasSubstr("unknown system 'zab'; there are: raft"));
  EXPECT_THAT(refusal_of("raft:prevote=off"),
              HasSubstr("unknown option 'prevote'; there are: pre-vote, check-quorum"));
  EXPECT_THAT(refusal_of("raft:pre-vote=no"), HasSubstr("pre-vote=no is not allowed: on or off"));
  EXPECT_THAT(refusal_of("raft:snapshot-every="), HasSubstr("a number of entries"));
  EXPECT_THAT(refusal_of("raft:sync=on,sync=off"), HasSubstr("sync twice"));
  EXPECT_THAT(refusal_of("raft:"), HasSubstr("unknown option ''"));
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
  EXPECT_THAT(driver->launch_newcomer(2, "data").arguments,
              testing::IsSupersetOf({"--voters", "1,3,4,5"}));
  EXPECT_THAT(driver->launch(2, "data").arguments, testing::Not(testing::Contains("--voters")));
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
  const auto arguments = driver->launch(1, "data").arguments;
  EXPECT_THAT(arguments, testing::IsSupersetOf(
                             {"--no-pre-vote", "--no-sync", "--snapshot-every", "--append-bytes"}));
  EXPECT_THAT(arguments, testing::Not(testing::Contains("--no-check-quorum")));
}

}  // namespace
}  // namespace sunder::harness
