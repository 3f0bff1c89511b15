#include "harness/serve/live_events.h"

#include <chrono>
#include <fstream>
#include <optional>

#include <gmock/gmock.h>

#include "results/store/folder_in_use.h"
#include "testing/temporary_folder.h"

namespace sunder::harness::serve {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* report = "/runs/register/x/report.html";

class LiveEventsTest : public testing::Test {
 protected:
  LiveEventsTest() : in_progress_(run_.folder()) {}

  static void append(const fs::path& path, const std::string& text) {
    std::ofstream(path, std::ios::app) << text;
  }

  const TemporaryFolder temporary_;
  results::RunStore run_ =
      results::RunStore::create(temporary_.path(), "register", 7, std::chrono::system_clock::now());
  std::optional<results::FolderInUse> in_progress_;
};

TEST_F(LiveEventsTest, lines_of_the_history_and_of_who_leads_come_as_they_are_written) {
  LiveEvents events(run_, report, "");
  EXPECT_EQ(events.next(), "");
  append(run_.history_path(), "{\"index\":0}\n{\"index\":1}\n{\"ind");
  append(run_.trace_path("n1"),
         "{\"event\":\"appended\"}\n{\"event\":\"became_leader\",\"term\":3}\n");
  EXPECT_EQ(
      events.next(),
      "id: history=24&n1=0\nevent: history\ndata: {\"index\":0}\ndata: {\"index\":1}\n\n"
      "id: history=24&n1=56\nevent: trace\ndata: {\"event\":\"became_leader\",\"term\":3}\n\n");
  EXPECT_EQ(events.next(), "");
  append(run_.history_path(), "ex\":2}\n");
  EXPECT_EQ(events.next(), "id: history=36&n1=56\nevent: history\ndata: {\"index\":2}\n\n");
  EXPECT_FALSE(events.ended());
}

TEST_F(LiveEventsTest, a_page_that_comes_back_gets_the_rest) {
  append(run_.history_path(), "{\"index\":0}\n{\"index\":1}\n");
  append(run_.trace_path("n2"), "{\"event\":\"started\"}\n");
  LiveEvents events(run_, report, "history=12&n2=20");
  EXPECT_EQ(events.next(), "id: history=24&n2=20\nevent: history\ndata: {\"index\":1}\n\n");
  for (const char* broken : {"history", "history=x", "history=", "history=1&n2"}) {
    EXPECT_THROW(LiveEvents(run_, report, broken), std::invalid_argument) << broken;
  }
}

TEST_F(LiveEventsTest, a_run_that_has_ended_leads_to_its_report_after_its_last_line) {
  append(run_.history_path(), "{\"index\":0}\n");
  run_.write_report("<html>");
  LiveEvents events(run_, report, "");
  in_progress_.reset();
  EXPECT_THAT(events.next(), HasSubstr("{\"index\":0}"));
  EXPECT_FALSE(events.ended());
  EXPECT_EQ(events.next(), "event: done\ndata: /runs/register/x/report.html\n\n");
  EXPECT_TRUE(events.ended());
}

TEST_F(LiveEventsTest, a_run_that_was_killed_is_said_to_be_cut_off) {
  LiveEvents events(run_, report, "");
  EXPECT_EQ(events.next(), "");
  in_progress_.reset();
  EXPECT_EQ(events.next(), "event: cut-off\ndata:\n\n");
  EXPECT_TRUE(events.ended());
}

}  // namespace
}  // namespace sunder::harness::serve
