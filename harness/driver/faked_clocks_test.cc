#include "harness/driver/faked_clocks.h"

#include <filesystem>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "node/api/nodes_test.h"
#include "testing/temporary_folder.h"

namespace sunder::harness {
namespace {

using namespace std::chrono_literals;

std::optional<nemesis::ClockSetting> told(ClockSetter& setter, Duration ahead) {
  boost::asio::io_context io;
  std::optional<nemesis::ClockSetting> shown;
  nemesis::ClockSetting setting;
  setting.ahead = ahead;
  boost::asio::co_spawn(io, setter.set(setting),
                        [&shown](const std::exception_ptr& failure, auto result) {
                          if (failure) std::rethrow_exception(failure);
                          shown = result;
                        });
  io.run();
  return shown;
}

TEST(FakedClocks, a_program_that_is_started_so_sees_the_time_that_was_set) {
  const TemporaryFolder temporary;
  const auto folder = temporary.path() / "clocks";
  {
    const FakedClocks clocks(folder);
    const auto setter = clocks.make_setter(n2);
    if (setter == nullptr) GTEST_SKIP() << "libfaketime is not installed (package libfaketime)";
    EXPECT_FALSE(setter->sets_rates());
    for (const Duration ahead : {Duration(90s), Duration(-1500ms)}) {
      const auto shown = told(*setter, ahead);
      ASSERT_TRUE(shown);
      EXPECT_LT(std::chrono::abs(shown->ahead - ahead), 500ms);
    }
    Launch launch;
    clocks.set(launch, n2, {});
    EXPECT_EQ(launch.environment.count("LD_PRELOAD"), 1U);
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
}

}  // namespace
}  // namespace sunder::harness
