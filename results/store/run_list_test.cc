#include "results/store/run_list.h"

#include <chrono>
#include <fstream>

#include <gmock/gmock.h>
#include <stdlib.h>

#include "results/page/sample/sample_run.h"
#include "results/store/folder_in_use.h"
#include "results/store/run_store.h"
#include "results/store/verdict_json.h"
#include "testing/temporary_folder.h"

namespace sunder::results {
namespace {

namespace fs = std::filesystem;
using checker::Validity;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

class RunListTest : public testing::Test {
 protected:
  RunStore make(const std::string& name, int second) const {
    const std::chrono::system_clock::time_point start{std::chrono::seconds(1795495998)};
    RunStore store = RunStore::create(runs_, name, 7, start + std::chrono::seconds(second));
    store.write_plan(R"({"system":"raft","mutant":"A1","workload":"register",
                         "nemeses":["kill","pause"],"seed":7})");
    return store;
  }

  const TemporaryFolder temporary_;
  const fs::path& runs_ = temporary_.path();
};

TEST_F(RunListTest, runs_of_all_names_are_listed_newest_first) {
  make("register", 1);
  make("append", 3).link_as_latest();
  make("register", 2);
  const auto runs = list_runs(runs_);
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_EQ(runs[0].label, "append/20261124T045321Z-7");
  EXPECT_EQ(runs[0].started, "2026-11-24 04:53:21");
  EXPECT_EQ(runs[1].label, "register/20261124T045320Z-7");
  EXPECT_EQ(runs[2].label, "register/20261124T045319Z-7");
}

TEST_F(RunListTest, a_run_is_listed_with_its_plan_verdict_and_files) {
  const SampleRun sample(SampleKind::stale_read, 100, 1);
  const RunStore store = make("register", 1);
  store.write_verdict(to_verdict_json({sample.input.verdict, sample.input.statistics}));
  std::ofstream(store.log_path("n1")) << "ready\n";
  const RunSummary run = list_runs(runs_).at(0);
  EXPECT_EQ(run.system, "raft, mutant A1");
  EXPECT_EQ(run.workload, "register");
  EXPECT_EQ(run.nemesis, "kill, pause");
  EXPECT_EQ(run.seed, 7u);
  EXPECT_EQ(run.validity, Validity::invalid);
  EXPECT_THAT(run.sentence, HasSubstr("client 3 read 17"));
  EXPECT_EQ(run.operations, sample.input.statistics.total);
  EXPECT_THAT(run.files, Contains("log/n1.log"));
  EXPECT_THAT(run.files, Contains("verdict.json"));
}

TEST_F(RunListTest, a_run_in_progress_is_told_from_one_that_was_cut_off) {
  const RunStore store = make("register", 1);
  {
    const FolderInUse sign(store.folder());
    EXPECT_TRUE(list_runs(runs_).at(0).in_progress);
  }
  const RunSummary run = list_runs(runs_).at(0);
  EXPECT_FALSE(run.in_progress);
  EXPECT_EQ(run.validity, std::nullopt);
  EXPECT_THAT(run.sentence, IsEmpty());
}

TEST_F(RunListTest, a_broken_run_is_listed_as_such) {
  const RunStore store = make("register", 1);
  store.write_verdict("{");
  store.write_plan("[");
  const RunSummary run = list_runs(runs_).at(0);
  EXPECT_EQ(run.validity, std::nullopt);
  EXPECT_THAT(run.sentence, HasSubstr("no verdict.json"));
}

TEST_F(RunListTest, what_is_no_run_is_passed_over) {
  fs::create_directories(runs_ / "notes" / "drafts");
  std::ofstream(runs_ / "README") << "";
  EXPECT_THAT(list_runs(runs_), IsEmpty());
}

TEST_F(RunListTest, a_missing_runs_folder_is_named) {
  EXPECT_THAT([&] { list_runs(runs_ / "none"); },
              ThrowsMessage<std::runtime_error>(HasSubstr((runs_ / "none").string())));
}

}  // namespace
}  // namespace sunder::results
