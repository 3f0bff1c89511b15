#include "checker/history/places.h"

#include <fstream>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/temporary_folder.h"

namespace sunder::history {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

void write(const fs::path& path, const std::string& text = "x") {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

std::string refusal_of_words(const std::vector<std::string>& words) {
  try {
    history_source(words);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Places, a_store_means_the_history_of_its_latest_test) {
  const TemporaryFolder folder;
  write(folder.path() / "store/etcd/20260101T000000/history.edn");
  fs::create_symlink("etcd/20260101T000000", folder.path() / "store/latest");
  const auto source = history_source({(folder.path() / "store").string()});
  ASSERT_EQ(source.files.size(), 1U);
  EXPECT_EQ(source.files[0], folder.path() / "store/latest/history.edn");
  EXPECT_THAT(source.notes, testing::ElementsAre(HasSubstr("latest/history.edn is the history")));
}

TEST(Places, of_a_test_that_broke_off_the_log_is_taken) {
  const TemporaryFolder folder;
  write(folder.path() / "history.edn", "");
  write(folder.path() / "jepsen.log");
  EXPECT_EQ(history_source({folder.path().string()}).files[0], folder.path() / "jepsen.log");
}

TEST(Places, files_beside_a_history_are_named_with_the_file_to_take_instead) {
  const TemporaryFolder folder;
  write(folder.path() / "results.edn");
  write(folder.path() / "test.jepsen");
  write(folder.path() / "history.edn");
  for (const auto* name : {"results.edn", "test.jepsen"}) {
    EXPECT_THAT(refusal_of_words({(folder.path() / name).string()}), HasSubstr("history.edn"))
        << name;
  }
}

TEST(Places, a_folder_that_is_neither_a_run_nor_a_test_is_refused_with_what_is_missing) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal_of_words({folder.path().string()}),
              testing::AllOf(HasSubstr("plan.json"), HasSubstr("history.edn")));
}

TEST(Places, a_file_that_is_named_twice_is_refused) {
  const TemporaryFolder folder;
  write(folder.path() / "a.jsonl");
  const auto file = (folder.path() / "a.jsonl").string();
  EXPECT_THAT(refusal_of_words({file, file}), HasSubstr("named twice"));
}

}  // namespace
}  // namespace sunder::history
