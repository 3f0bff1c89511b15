#include "harness/driver/described/members.h"

#include <fstream>
#include <optional>
#include <sstream>

#include <boost/asio/co_spawn.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/driver/system.h"
#include "harness/process/loopback_block.h"
#include "node/api/nodes_test.h"
#include "testing/temporary_file.h"
#include "testing/temporary_folder.h"

namespace sunder::harness::described {
namespace {

using nemesis::Administrator;
using Outcome = Administrator::Outcome;

struct MembersTest : testing::Test {
  boost::asio::io_context io;
  Watchdog watchdog;
  TemporaryFolder folder;
  LoopbackBlock block;
  RunClock clock;
  nemesis::LinkRules links;
  Surroundings surroundings{io, links, block, clock, watchdog, folder.path()};
  NodeAddresses addresses{surroundings, 3};
  std::filesystem::path log = folder.path() / "members.log";

  Launches launches(const std::string& members) const {
    const TemporaryFile file(R"({"start": ["a"], "adapter": ["b"], "members": )" + members + "}");
    return {read_description(file.path()), {}, addresses, 3, folder.path() / "data"};
  }

  template <typename Result>
  Result result_of(boost::asio::awaitable<Result> order) {
    std::optional<Result> result;
    boost::asio::co_spawn(io, std::move(order), [&](const std::exception_ptr& failure, Result got) {
      if (failure) std::rethrow_exception(failure);
      result = std::move(got);
    });
    io.restart();
    while (!result) io.run_one();
    return *result;
  }

  std::string written() const {
    std::ostringstream text;
    text << std::ifstream(log).rdbuf();
    return text.str();
  }
};

TEST_F(MembersTest, are_added_and_removed_by_commands_with_the_nodes_placeholders) {
  const auto with = launches(R"({"add": ["sh", "-c", "echo add {node} >&2"],
                                 "remove": ["sh", "-c", "echo remove {number} >&2"]})");
  const auto members = make_members(io, watchdog, with, nullptr, log);
  EXPECT_EQ(result_of(members->remove_voters({n2, n3})).outcome, Outcome::done);
  EXPECT_EQ(result_of(members->add_voters({n2})).outcome, Outcome::done);
  EXPECT_EQ(written(), "remove 2\nremove 3\nadd n2\n");
  EXPECT_EQ(members->outsider(), Administrator::Outsider::waits);
}

TEST_F(MembersTest, an_order_that_fails_is_refused_only_with_a_status_that_says_so) {
  const auto with = launches(R"({"add": ["sh", "-c", "exit 3"], "refused": [3], "removed": "ends",
                                 "remove": ["sh", "-c", "echo lost >&2; exit 4"]})");
  const auto members = make_members(io, watchdog, with, nullptr, log);
  EXPECT_EQ(result_of(members->add_voters({n2})).outcome, Outcome::refused);
  const auto removed = result_of(members->remove_voters({n2}));
  EXPECT_EQ(removed.outcome, Outcome::unknown);
  EXPECT_EQ(removed.because, "exit status 4: lost");
  EXPECT_EQ(members->outsider(), Administrator::Outsider::ends);
}

TEST_F(MembersTest, after_a_first_node_nothing_is_refused) {
  const auto with = launches(R"({"add": ["true"], "refused": [3],
                                 "remove": ["sh", "-c", "test {node} = n2 || exit 3"]})");
  const auto members = make_members(io, watchdog, with, nullptr, log);
  EXPECT_EQ(result_of(members->remove_voters({n2, n3})).outcome, Outcome::unknown);
}

TEST_F(MembersTest, a_newcomer_is_in_when_its_command_says_so) {
  const auto with = launches(R"({"add": ["true"], "remove": ["true"],
                                 "joined": ["sh", "-c", "test {node} = n2"]})");
  const auto members = make_members(io, watchdog, with, nullptr, log);
  EXPECT_TRUE(result_of(members->has_come_in(n2)));
  EXPECT_FALSE(result_of(members->has_come_in(n3)));
}

TEST_F(MembersTest, without_commands_there_are_no_orders) {
  const TemporaryFile file(R"({"start": ["a"], "adapter": ["b"]})");
  const Launches none{read_description(file.path()), {}, addresses, 3, folder.path() / "data"};
  EXPECT_EQ(make_members(io, watchdog, none, nullptr, log), nullptr);
}

}  // namespace
}  // namespace sunder::harness::described
