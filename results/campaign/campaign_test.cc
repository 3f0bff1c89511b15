#include "results/campaign/campaign.h"

#include <set>

#include <gtest/gtest.h>

#include "results/store/run_store.h"

namespace sunder::results {
namespace {

TEST(CampaignRun, has_a_key_that_is_a_folders_name_whatever_its_system_is_called) {
  std::set<std::string> keys;
  for (const std::string& system :
       {std::string("raft"), std::string("my.json"), std::string("./my.json"),
        std::string("../my.json"), std::string("/srv/systems/my.json"), std::string("a b+c.json"),
        std::string("\x1b[31m.json"), "/" + std::string(300, 'x') + "/my.json",
        "/" + std::string(300, 'y') + "/my.json"}) {
    CampaignRun run;
    run.system = system;
    run.workload = "register";
    run.nemesis = "kill:leader,pause";
    run.seed = 7;
    const auto key = key_of(run);
    EXPECT_NO_THROW(require_plain_name(key)) << key;
    EXPECT_TRUE(keys.insert(key).second) << key;
  }
}

TEST(CampaignRun, has_a_command_that_a_shell_reads) {
  CampaignRun run;
  run.arguments = {"--schedule", "faults of today/a+b.json", "--seed", "7"};
  EXPECT_EQ(command_of(run), "sunder run --schedule 'faults of today/a+b.json' --seed 7");
}

}  // namespace
}  // namespace sunder::results
