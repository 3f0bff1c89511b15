#include "results/store/seals.h"

#include <chrono>
#include <filesystem>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/temporary_folder.h"

namespace sunder::results {
namespace {

using testing::ElementsAre;
using testing::Key;

TEST(Seals, are_of_the_evidence_that_there_is_and_are_read_as_written) {
  const TemporaryFolder folder;
  const auto store = RunStore::create(folder.path(), "run", 1, std::chrono::system_clock::now());
  write_whole_file(store.history_path(), "{\"index\":0}\n{\"index\":1}\n");
  write_whole_file(store.trace_path("n1"), "{}\n");
  write_whole_file(store.verdict_path(), "{}\n");
  seal_evidence(store);
  const auto seals = read_seals(store.seals_path());
  EXPECT_THAT(seals, ElementsAre(Key("history.jsonl"), Key("trace/n1.jsonl")));
  EXPECT_EQ(seals.at("history.jsonl"), history::seal_of(store.history_path()));
  EXPECT_EQ(seals.at("history.jsonl").records, 2U);
}

TEST(Seals, that_cannot_be_read_are_refused) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "evidence.json";
  EXPECT_THROW(read_seals(path), std::invalid_argument);
  EXPECT_THROW(read_seals(folder.path()), std::invalid_argument);
  for (const auto* text : {"", "[]", "{}", R"({"files":{"a":{"records":1}}})",
                           R"({"files":{"a":{"records":1,"content":"x","order":"0"}}})"}) {
    write_whole_file(path, text);
    EXPECT_THROW(read_seals(path), std::invalid_argument) << text;
  }
}

}  // namespace
}  // namespace sunder::results
