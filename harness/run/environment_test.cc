#include "harness/run/environment.h"

#include <fstream>

#include <gmock/gmock.h>
#include <sys/resource.h>

#include "harness/sunder_program_test.h"

namespace sunder::harness {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

TEST(Environment, more_nodes_and_clients_need_more_descriptors) {
  Plan plan;
  plan.nodes = 3;
  const auto few = descriptors_for(plan);
  plan.concurrency += 10;
  const auto more_clients = descriptors_for(plan);
  EXPECT_GE(more_clients, few + 30);
  plan.nodes = 9;
  EXPECT_GT(descriptors_for(plan), more_clients);
}

class SunderInAnEnvironment : public SunderProgram {
 protected:
  /// After `limits`, in the shell that starts the run.
  Finished run_after(const std::string& limits, const std::string& flags = "") const {
    const auto script =
        fmt::format("{}; exec '{}' run --seed 1 --time-limit 1s --nemesis none --runs-dir '{}' {}",
                    limits, (programs() / "sunder").string(), runs().string(), flags);
    return wait_for(start({"-c", script}, "/bin/bash"));
  }
};

TEST_F(SunderInAnEnvironment, too_few_descriptors_are_refused_with_the_number_that_is_needed) {
  for (const char* limit : {"16", "28", "32", "64", "128"}) {
    const auto run = run_after(std::string("ulimit -n ") + limit);
    EXPECT_EQ(run.exit_code, 255) << limit << run.err;
    EXPECT_THAT(run.err, HasSubstr(fmt::format("needs {} open files", descriptors_for(Plan{}))));
    EXPECT_FALSE(fs::exists(runs())) << limit;
  }
}

TEST_F(SunderInAnEnvironment, the_number_that_is_needed_is_enough) {
  const auto limit = fmt::format("ulimit -n {}", descriptors_for(Plan{}));
  const auto valid = run_after(limit);
  EXPECT_EQ(valid.exit_code, 0) << valid.out << valid.err;
}

TEST_F(SunderInAnEnvironment, a_soft_limit_is_raised) {
  const auto run = run_after("ulimit -Sn 40");
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
}

TEST_F(SunderInAnEnvironment, a_campaign_asks_for_all_its_runs_at_once) {
  const auto script = fmt::format("ulimit -n 64; exec '{}' campaign --folder '{}' --no-canary",
                                  (programs() / "sunder").string(), (folder_ / "c").string());
  const auto campaign = wait_for(start({"-c", script}, "/bin/bash"));
  EXPECT_EQ(campaign.exit_code, 255) << campaign.out;
  EXPECT_THAT(campaign.err, HasSubstr("ulimit -n"));
}

TEST_F(SunderInAnEnvironment, a_limit_on_the_size_of_files_is_refused) {
  const auto run = run_after("ulimit -f 1000");
  EXPECT_EQ(run.exit_code, 255) << run.err;
  EXPECT_THAT(run.err, HasSubstr("ulimit -f unlimited"));
}

TEST_F(SunderInAnEnvironment, a_disk_without_room_is_refused_and_named) {
  const auto inside = fmt::format(
      "mount -t tmpfs -o size=20m none '{0}' && exec '{1}' run --seed 1 --runs-dir '{0}/runs'",
      folder_.string(), (programs() / "sunder").string());
  const auto run = wait_for(start({"-rm", "/bin/bash", "-c", inside}, "/usr/bin/unshare"));
  if (run.err.find("unshare") != std::string::npos) GTEST_SKIP() << run.err;
  EXPECT_EQ(run.exit_code, 255) << run.err;
  EXPECT_THAT(run.err, HasSubstr("free some space"));
}

TEST_F(SunderInAnEnvironment, a_loopback_interface_that_is_down_is_named) {
  const auto inside = fmt::format("exec '{}' run --seed 1 --runs-dir '{}'",
                                  (programs() / "sunder").string(), runs().string());
  const auto run = wait_for(start({"-rn", "/bin/bash", "-c", inside}, "/usr/bin/unshare"));
  if (run.err.find("unshare") != std::string::npos) GTEST_SKIP() << run.err;
  EXPECT_EQ(run.exit_code, 255) << run.err;
  EXPECT_THAT(run.err, HasSubstr("ip link set lo up"));
}

/// Descriptors that are taken away in the middle of a run are no fault of the nodes.
TEST_F(SunderInAnEnvironment, running_out_of_descriptors_in_the_middle_is_no_verdict) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer needs a descriptor to look at an object's type";
#endif
  const pid_t child = start(run_flags(
      {"--time-limit", "60s", "--nemesis", "partition,pause", "--nemesis-interval", "500ms"}));
  await_first_success(child);
  const rlimit few{20, 20};
  ASSERT_EQ(::prlimit(child, RLIMIT_NOFILE, &few, nullptr), 0);
  const auto run = wait_for(child);
  EXPECT_EQ(run.exit_code, 255) << run.out << run.err;
  EXPECT_THAT(run.err, HasSubstr("Too many open files"));
  EXPECT_FALSE(fs::exists(latest() / "verdict.json"));
  EXPECT_TRUE(processes_of_this_test().empty());
}

}  // namespace
}  // namespace sunder::harness
