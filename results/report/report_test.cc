#include "results/report/report.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "results/page/assets.h"
#include "results/page/document.h"
#include "results/page/sample/sample_run.h"
#include "results/report/report_data.h"

namespace sunder::results {
namespace {

using nlohmann::ordered_json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::size_t occurrences(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1))
    ++count;
  return count;
}

TEST(Report, the_page_is_whole) {
  const SampleRun run(SampleKind::stale_read, 500, 1);
  const std::string page = render_report(run.input);
  EXPECT_THAT(page, StartsWith("<!doctype html>"));
  EXPECT_THAT(page, HasSubstr("client 3 read 17 after client 5's write of 21 had returned"));
  EXPECT_THAT(page, Not(HasSubstr("{{")));
  for (const auto& [name, text] : page_modules())
    EXPECT_THAT(page, HasSubstr("#page/" + std::string(name)));
}

TEST(Report, the_page_asks_for_nothing_from_elsewhere) {
  const SampleRun run(SampleKind::valid, 500, 1);
  const std::string page = render_report(run.input);
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_EQ(occurrences(page, "<script src"), 0u);
  EXPECT_EQ(occurrences(page, "<link rel=\"stylesheet"), 0u);
}

TEST(Report, no_text_from_outside_becomes_markup) {
  const std::string evil = "</script><script>alert(1)</script><!--<b>{{data}}{{style}}";
  SampleRun run(SampleKind::stale_read, 20, 1);
  const std::size_t scripts = occurrences(render_report(run.input), "<script");
  run.input.label = run.input.command = run.input.plan = run.input.verdict.sentence = evil;
  run.input.facts = {{evil, evil}};
  run.input.logs = {{evil, evil}};
  run.input.nodes.front().node = evil;
  run.input.nodes.front().marks.front().text = evil;
  run.input.faults.front() = {evil, true, {evil}, {}, {}, evil};
  run.operations.front().key = run.operations.front().f = evil;
  run.operations.front().argument = history::List{evil, history::Object{{evil, evil}}};
  const std::string page = render_report(run.input);
  EXPECT_EQ(occurrences(page, "<script"), scripts);
  EXPECT_EQ(occurrences(page, "</script"), scripts);
  EXPECT_EQ(occurrences(page, "<!--"), 0u);
  EXPECT_EQ(occurrences(page, "<b>"), 0u);
  EXPECT_THAT(page, HasSubstr("\\u003c/script>\\u003cscript>alert(1)"));
}

TEST(Report, bytes_that_are_not_text_do_not_stop_it) {
  SampleRun run(SampleKind::valid, 5, 1);
  run.input.logs = {{"n1", "\xff\xfe\n"}};
  EXPECT_THAT(render_report(run.input), HasSubstr("</html>"));
}

TEST(Report, a_hundred_thousand_operations_fit_in_five_megabytes) {
  const SampleRun run(SampleKind::valid, 100'000, 1);
  const ordered_json data = report_data(run.input);
  EXPECT_TRUE(data["operations"]["complete"]);
  EXPECT_EQ(data["operations"]["process"].size(), 100'000u);
  EXPECT_LT(render_report(run.input).size(), 5'000'000u);
}

TEST(Report, a_longer_run_is_sampled_and_says_so) {
  const SampleRun run(SampleKind::valid, 150'000, 1);
  const ordered_json data = report_data(run.input);
  EXPECT_FALSE(data["operations"]["complete"]);
  EXPECT_EQ(data["operations"]["total"], 150'000);
  EXPECT_LE(data["operations"]["process"].size(), 50'000u);
  EXPECT_EQ(data["statistics"]["operations"]["ok"], run.input.statistics.total.ok);
}

TEST(Report, a_fault_that_was_not_healed_has_no_end) {
  SampleRun run(SampleKind::valid, 5, 1);
  run.input.faults.front().until.reset();
  const ordered_json faults = report_data(run.input)["faults"];
  EXPECT_TRUE(faults[0]["until"].is_null());
  EXPECT_EQ(faults[1]["until"], 9'900'000'000);
}

TEST(Report, of_a_long_log_the_end_is_kept_from_a_line_on) {
  SampleRun run(SampleKind::valid, 5, 1);
  std::string text;
  while (text.size() < 2 * most_log_bytes_in_page) text += "a line of the log\n";
  run.input.logs = {{"n1", text + "the last\n"},
                    {"n2", "short"},
                    {"n3", std::string(2 * most_log_bytes_in_page, 'x')}};
  const ordered_json logs = report_data(run.input)["logs"];
  EXPECT_TRUE(logs[0]["cut"]);
  EXPECT_THAT(logs[0]["text"].get<std::string>(), StartsWith("a line of the log\n"));
  EXPECT_THAT(logs[0]["text"].get<std::string>(), testing::EndsWith("the last\n"));
  EXPECT_FALSE(logs[1]["cut"]);
  EXPECT_EQ(logs[1]["text"], "short");
  EXPECT_EQ(logs[2]["text"].get<std::string>().size(), most_log_bytes_in_page);
}

TEST(Report, a_mark_that_is_said_too_often_does_not_hide_the_others) {
  SampleRun run(SampleKind::valid, 5, 1);
  auto& marks = run.input.nodes.front().marks;
  marks.clear();
  for (int i = 0; i < 10'000; ++i) marks.push_back({history::Time(i), "mutant_reached", 1, "", ""});
  marks.push_back({history::Time(10'000), "truncated", 1, "", ""});
  const ordered_json node = report_data(run.input)["nodes"][0];
  EXPECT_EQ(node["marks"].size(), most_marks_of_a_kind_in_page + 1);
  EXPECT_EQ(node["marks_left_out"], 9'000);
  EXPECT_EQ(node["marks"].back()[1], "truncated");
  EXPECT_EQ(node["marks"][most_marks_of_a_kind_in_page - 1][0], 9'999);
}

TEST(Report, commit_points_are_thinned_but_keep_their_ends) {
  SampleRun run(SampleKind::valid, 5, 1);
  auto& commits = run.input.nodes.front().commits;
  commits.clear();
  for (std::uint64_t i = 0; i < 10'000; ++i) commits.push_back({history::Time(i), i});
  const ordered_json drawn = report_data(run.input)["nodes"][0]["commits"];
  EXPECT_EQ(drawn.size(), most_commit_points_in_page);
  EXPECT_THAT(drawn.front(), ElementsAre(0, 0));
  EXPECT_THAT(drawn.back(), ElementsAre(9'999, 9'999));
}

TEST(Report, the_page_of_a_run_has_nothing_of_a_bare_history) {
  const SampleRun run(SampleKind::valid, 5, 1);
  EXPECT_FALSE(report_data(run.input).contains("history"));
  EXPECT_FALSE(report_data(run.input)["faults"][0].contains("said"));
}

TEST(Report, the_page_of_a_history_has_what_was_assumed_and_what_its_events_said) {
  SampleRun run(SampleKind::valid, 5, 1);
  run.input.history = {{"values are [key value]"}, {"line 9 is cut off"}, false, 3};
  run.input.faults.front().said = {"majority"};
  const ordered_json data = report_data(run.input);
  EXPECT_THAT(data["history"]["assumptions"], ElementsAre("values are [key value]"));
  EXPECT_THAT(data["history"]["warnings"], ElementsAre("line 9 is cut off"));
  EXPECT_EQ(data["history"]["has_times"], false);
  EXPECT_EQ(data["history"]["nemesis_events_left_out"], 3);
  EXPECT_THAT(data["faults"][0]["said"], ElementsAre("majority"));
}

}  // namespace
}  // namespace sunder::results
