// The table in run_events.js against the events that sunder writes.

#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "checker/history/event.h"
#include "checker/history/run_event.h"
#include "results/page/assets.h"

namespace sunder::results {
namespace {

using history::FaultPhase;
using testing::HasSubstr;

std::string_view name_of(FaultPhase phase) {
  return phase == FaultPhase::report ? "report" : "moment";
}

TEST(RunEventsOfThePages, are_those_that_sunder_writes) {
  std::string table = "const phases = {\n";
  for (const auto& event : history::named_run_events()) {
    table += fmt::format("  \"{}\": \"{}\",\n", event.name, name_of(event.phase));
  }
  EXPECT_THAT(page_asset("run_events.js"), HasSubstr(table + "};\n"));
}

TEST(RunEventsOfThePages, name_healings_skips_and_reports_as_sunder_does) {
  for (const auto& [name, part] : {std::pair{"healedPrefix", history::healed_prefix},
                                   {"skippedPrefix", history::skipped_prefix},
                                   {"reportSuffix", history::report_suffix}}) {
    EXPECT_THAT(page_asset("run_events.js"),
                HasSubstr(fmt::format("const {} = \"{}\";\n", name, part)));
  }
}

TEST(RunEventsOfThePages, tell_answers_from_errors_as_sunder_does) {
  const std::string script(page_asset("history_operation.js"));
  for (const char* f :
       {"cas", "dequeue", "acquire", "release", "transfer", "remove", "read", "write"}) {
    EXPECT_EQ(script.find(fmt::format("\"{}\"", f)) != script.npos, history::is_refused(f, ""))
        << f;
  }
  for (const char* word : {"mismatch", "held", "not held", "insufficient", "empty", "queue-empty",
                           "queue empty", "queue is empty", "exhausted", "timeout", "no leader"}) {
    EXPECT_EQ(script.find(fmt::format("\"{}\"", word)) != script.npos,
              history::is_refused("cas", word))
        << word;
  }
}

TEST(RunEventsOfThePages, have_the_fields_that_the_pages_read) {
  const history::FaultDescription fault{"partition",           1,     "partition", "",
                                        {{"shape", "halves"}}, {"n1"}};
  const auto injected = history::fields_of(history::FaultInjected{fault, {}, {}, {}, {}});
  for (const char* field : {"id", "kind", "shape", "targets"}) {
    EXPECT_NE(injected.member(field), nullptr) << field;
  }
  EXPECT_NE(history::fields_of(history::Crash{"n1", "signal 6"}).member("node"), nullptr);
}

}  // namespace
}  // namespace sunder::results
