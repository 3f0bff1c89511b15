#include "results/store/run_store.h"

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <gmock/gmock.h>
#include <sys/resource.h>

#include "testing/temporary_folder.h"

namespace sunder::results {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr std::chrono::system_clock::time_point moment{std::chrono::seconds(1795495998)};

/// A folder of its own for each test, gone afterwards.
class RunStoreTest : public testing::Test {
 protected:
  RunStore make(const std::string& name = "register", std::uint64_t seed = 7) const {
    return RunStore::create(runs_, name, seed, moment);
  }

  static std::string content(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  static std::ptrdiff_t files_in(const fs::path& folder) {
    return std::distance(fs::directory_iterator(folder), {});
  }

  const TemporaryFolder temporary_;
  const fs::path& runs_ = temporary_.path();
};

TEST_F(RunStoreTest, a_run_lives_under_its_name_time_and_seed) {
  const RunStore store = make();
  EXPECT_EQ(store.folder(), runs_ / "register" / "20261124T045318Z-7");
  EXPECT_EQ(store.label(), "register/20261124T045318Z-7");
  EXPECT_TRUE(fs::is_directory(store.trace_path("n1").parent_path()));
  EXPECT_TRUE(fs::is_directory(store.log_path("n1").parent_path()));
  EXPECT_EQ(store.trace_path("n1"), store.folder() / "trace/n1.jsonl");
  EXPECT_EQ(store.log_path("n1"), store.folder() / "log/n1.log");
}

TEST_F(RunStoreTest, two_runs_in_one_second_do_not_share_a_folder) {
  const RunStore first = make();
  const RunStore second = make();
  EXPECT_EQ(second.label(), first.label() + "-2");
}

TEST_F(RunStoreTest, a_written_file_is_whole_and_nothing_else_is_left) {
  const RunStore store = make();
  store.write_verdict("old");
  store.write_verdict("new");
  EXPECT_EQ(content(store.verdict_path()), "new");
  EXPECT_EQ(files_in(store.folder()), 3);  // trace/, log/, verdict.json
}

TEST_F(RunStoreTest, a_write_that_fails_keeps_the_old_file_and_leaves_nothing_half_written) {
  const RunStore store = make();
  store.write_plan("the plan");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4096, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_THAT([&] { store.write_plan(std::string(100'000, 'x')); },
              ThrowsMessage<std::runtime_error>(
                  AllOf(HasSubstr(store.plan_path().string()), HasSubstr("File too large"))));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(content(store.plan_path()), "the plan");
  EXPECT_EQ(files_in(store.folder()), 3);
}

TEST_F(RunStoreTest, a_file_that_cannot_be_replaced_is_named_with_the_reason) {
  const RunStore store = make();
  fs::create_directories(store.report_path() / "in the way");
  EXPECT_THAT([&] { store.write_report("page"); },
              ThrowsMessage<std::runtime_error>(
                  AllOf(HasSubstr("report.html"), HasSubstr("Is a directory"))));
  EXPECT_EQ(files_in(store.folder()), 3);
}

TEST_F(RunStoreTest, latest_follows_the_newest_run) {
  const RunStore first = make("register", 1);
  first.link_as_latest();
  EXPECT_EQ(fs::canonical(runs_ / "latest"), fs::canonical(first.folder()));
  const RunStore second = make("append", 2);
  second.link_as_latest();
  EXPECT_EQ(fs::canonical(runs_ / "latest"), fs::canonical(second.folder()));
  EXPECT_EQ(fs::read_symlink(runs_ / "latest"), fs::path("append/20261124T045318Z-2"));
  EXPECT_EQ(files_in(runs_), 3);
}

TEST_F(RunStoreTest, latest_does_not_replace_a_folder_of_that_name) {
  const RunStore store = make();
  fs::create_directories(runs_ / "latest" / "precious");
  EXPECT_THAT([&] { store.link_as_latest(); },
              ThrowsMessage<std::runtime_error>(HasSubstr((runs_ / "latest").string())));
  EXPECT_TRUE(fs::exists(runs_ / "latest" / "precious"));
  EXPECT_EQ(files_in(runs_), 2);
}

TEST_F(RunStoreTest, a_run_is_opened_by_its_folder_or_by_a_link) {
  const RunStore store = make();
  store.write_plan("{}");
  store.link_as_latest();
  EXPECT_EQ(RunStore::open(store.folder()).label(), store.label());
  EXPECT_EQ(RunStore::open(runs_ / "latest").plan_path(), fs::canonical(store.plan_path()));
}

TEST_F(RunStoreTest, an_opened_run_can_become_the_latest) {
  make("register", 1).write_plan("{}");
  RunStore::open(runs_ / "register" / "20261124T045318Z-1").link_as_latest();
  EXPECT_TRUE(fs::exists(runs_ / "latest" / "plan.json"));
}

TEST_F(RunStoreTest, what_is_not_a_run_is_refused_with_its_path) {
  EXPECT_THAT([&] { RunStore::open(runs_ / "nothing"); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("nothing: no such run")));
  EXPECT_THAT([&] { RunStore::open(runs_); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("without plan.json")));
  std::ofstream(runs_ / "h.edn") << "[]";
  EXPECT_THAT([&] { RunStore::open(runs_ / "h.edn"); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("h.edn is a file")));
}

TEST_F(RunStoreTest, a_bare_history_is_told_from_a_run) {
  const RunStore store = make();
  std::ofstream(store.history_path()) << "";
  EXPECT_EQ(stored_kind(store.folder()), StoredKind::run_folder);
  EXPECT_EQ(stored_kind(store.history_path()), StoredKind::history_file);
}

TEST_F(RunStoreTest, a_name_cannot_leave_the_runs_folder) {
  for (const std::string name : {"", "..", "a/b", "/etc", "latest", ".hidden"}) {
    EXPECT_THROW(make(name), std::invalid_argument) << name;
  }
}

TEST_F(RunStoreTest, an_unusable_runs_folder_is_one_clear_error) {
  std::ofstream(runs_ / "file") << "";
  EXPECT_THAT([&] { RunStore::create(runs_ / "file", "register", 1, moment); },
              ThrowsMessage<std::runtime_error>(AllOf(HasSubstr((runs_ / "file").string()),
                                                      HasSubstr("Not a directory"),
                                                      HasSubstr("--runs-dir"))));
}

}  // namespace
}  // namespace sunder::results
