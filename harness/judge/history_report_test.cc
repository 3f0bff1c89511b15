// 'sunder report HISTORY', as a user calls it. What a browser shows of the page is in
// history_page_test.mjs.

#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "harness/sunder_program_test.h"

namespace sunder::harness {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class HistoryReport : public SunderProgram {
 protected:
  std::string history(const std::string& name, const std::string& text) const {
    const auto path = folder_ / name;
    std::ofstream(path) << text;
    return path.string();
  }

  static nlohmann::json data_in(const std::string& page) {
    const std::string begin = R"(id="data">)";
    const auto from = page.find(begin) + begin.size();
    return nlohmann::json::parse(page.substr(from, page.find("</script>", from) - from));
  }
  nlohmann::json data_of(const std::string& name) const { return data_in(read(name)); }
};

constexpr const char* stale =
    "{:process 0, :type :invoke, :f :write, :value 1, :time 1000000}\n"
    "{:process 0, :type :ok, :f :write, :value 1, :time 3000000}\n"
    "{:process :nemesis, :type :info, :f :crash, :value {:what 1}, :time 4000000}\n"
    "{:process :nemesis, :type :info, :f :start-partition, :value \"a|b\", :time 5000000}\n"
    "{:process 0, :type :invoke, :f :write, :value 2, :time 6000000}\n"
    "{:process 0, :type :ok, :f :write, :value 2, :time 8000000}\n"
    "{:process :nemesis, :type :info, :f :stop-partition, :value nil, :time 8500000}\n"
    "{:process 1, :type :invoke, :f :read, :value nil, :time 9000000}\n"
    "{:process 1, :type :ok, :f :read, :value 1, :time 9500000}\n";

TEST_F(HistoryReport, the_page_is_written_beside_the_file_and_says_what_check_says) {
  const auto file = history("stale.edn", stale);
  const auto check = sunder({"check", file});
  EXPECT_EQ(check.exit_code, 1);
  const auto report = sunder({"report", file});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  EXPECT_EQ(report.out, file + ".html\n");
  const auto data = data_of("stale.edn.html");
  EXPECT_EQ(data["label"], "stale.edn");
  EXPECT_EQ(data["verdict"]["validity"], "invalid");
  EXPECT_THAT(check.out, HasSubstr(data["verdict"]["sentence"].get<std::string>()));
  EXPECT_EQ(data["command"], "sunder check " + file);
  EXPECT_THAT(data["history"]["assumptions"], ElementsAre("the model is register"));
}

TEST_F(HistoryReport, what_only_a_run_has_is_not_on_the_page) {
  sunder({"report", history("stale.edn", stale)});
  const auto data = data_of("stale.edn.html");
  for (const auto* name : {"nodes", "logs"}) EXPECT_TRUE(data[name].empty()) << name;
  for (const auto* name : {"plan", "schedule"}) EXPECT_EQ(data[name], "") << name;
}

TEST_F(HistoryReport, events_of_another_nemesis_keep_their_names) {
  sunder({"report", history("stale.edn", stale)});
  const auto faults = data_of("stale.edn.html")["faults"];
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_EQ(faults[0]["kind"], "crash");
  EXPECT_THAT(faults[0]["said"], ElementsAre(R"({"what":1})"));
  EXPECT_EQ(faults[1]["kind"], "start-partition");
  EXPECT_EQ(faults[1]["from"], 5'000'000);
  EXPECT_EQ(faults[1]["until"], 8'500'000);
  EXPECT_THAT(faults[1]["said"], ElementsAre("a|b"));
}

TEST_F(HistoryReport, faults_of_sunders_own_histories_are_paired_by_their_ids) {
  const auto file =
      history("own.jsonl",
              R"({"process":0,"type":"invoke","f":"write","key":"k","value":1,"time":1}
{"process":"nemesis","type":"info","f":"kill","value":{"id":1,"kind":"kill","targets":["n1"]},"time":5000000}
{"process":"nemesis","type":"info","f":"kill","value":{"id":2,"kind":"kill","targets":["n2"]},"time":6000000}
{"process":"nemesis","type":"info","f":"heal-kill","value":{"id":1,"kind":"kill","targets":["n1"]},"time":7000000}
{"process":0,"type":"ok","f":"write","key":"k","value":1,"time":9000000}
)");
  EXPECT_EQ(sunder({"report", file}).exit_code, 0);
  const auto faults = data_of("own.jsonl.html")["faults"];
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_THAT(faults[0]["targets"], ElementsAre("n1"));
  EXPECT_EQ(faults[0]["until"], 7'000'000);
  EXPECT_TRUE(faults[1]["until"].is_null());
}

TEST_F(HistoryReport, without_times_the_places_of_the_events_are_shown) {
  const auto file = history("h.edn",
                            "{:process 0, :type :invoke, :f :write, :value 1}\n"
                            "{:process :nemesis, :type :info, :f :kill, :value nil}\n"
                            "{:process 0, :type :ok, :f :write, :value 1}\n");
  EXPECT_EQ(sunder({"report", file}).exit_code, 0);
  const auto data = data_of("h.edn.html");
  EXPECT_EQ(data["history"]["has_times"], false);
  EXPECT_EQ(data["faults"][0]["from"], 1'000'000);
  EXPECT_THAT(data["operations"]["latency"], ElementsAre(2000));
  EXPECT_EQ(data["statistics"]["duration"], 0);
}

TEST_F(HistoryReport, a_file_that_is_no_page_is_never_lost) {
  const auto file = history("stale.edn", stale);
  const auto refused = sunder({"report", file, "-o", file});
  EXPECT_EQ(refused.exit_code, 254);
  EXPECT_THAT(refused.err, HasSubstr("stale.edn is there and is no page"));
  EXPECT_EQ(read("stale.edn"), stale);
  history("stale.edn.html", "mine");
  EXPECT_EQ(sunder({"report", file}).exit_code, 254);
  EXPECT_EQ(read("stale.edn.html"), "mine");
  EXPECT_EQ(sunder({"report", file, "--force"}).exit_code, 0);
  EXPECT_EQ(sunder({"report", file}).exit_code, 0) << "a page may replace a page";
}

TEST_F(HistoryReport, the_page_goes_where_the_user_says) {
  const auto file = history("stale.edn", stale);
  const auto printed = sunder({"report", file, "-o", "-"});
  EXPECT_THAT(printed.out, StartsWith("<!doctype html>"));
  EXPECT_EQ(data_in(printed.out)["label"], "stale.edn");
  EXPECT_THAT(printed.err, HasSubstr("assumed: the model is register"));
  const auto place = (folder_ / "page.html").string();
  EXPECT_EQ(sunder({"report", file, "--output", place}).out, place + "\n");
  EXPECT_EQ(data_of("page.html")["label"], "stale.edn");
  EXPECT_FALSE(fs::exists(file + ".html"));
}

TEST_F(HistoryReport, flags_of_a_check_hold_for_the_page_and_stand_in_its_command) {
  const auto file = history("h.jsonl",
                            R"({"process":0,"type":"invoke","f":"Put","key":"a b","value":1}
{"process":0,"type":"ok","f":"Put","key":"a b","value":1}
)");
  const auto report = sunder({"report", file, "--map", "write=Put", "--model", "register"});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  const auto data = data_of("h.jsonl.html");
  EXPECT_EQ(data["verdict"]["validity"], "valid");
  EXPECT_EQ(data["command"], "sunder check " + file + " --model register --map write=Put");
  EXPECT_EQ(sunder({"report", file, "--map", "Put"}).exit_code, 254);
}

TEST_F(HistoryReport, a_history_that_check_refuses_has_no_page) {
  const auto report = sunder({"report", history("bad.jsonl", "{what?}\n\n")});
  EXPECT_EQ(report.exit_code, 254);
  EXPECT_FALSE(fs::exists(folder_ / "bad.jsonl.html"));
}

TEST_F(HistoryReport, the_page_of_a_run_can_be_written_elsewhere_too) {
  const auto run = folder_ / "run";
  fs::copy(fs::path(SUNDER_GALLERY) / "stale-read", run, fs::copy_options::recursive);
  const auto stored = read("run/report.html");
  const auto place = (folder_ / "page.html").string();
  const auto report = sunder({"report", run.string(), "-o", place});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  EXPECT_EQ(report.out, place + "\n");
  EXPECT_EQ(read("run/report.html"), stored);
  const auto data = data_of("page.html");
  EXPECT_FALSE(data.contains("history"));
  EXPECT_EQ(data["verdict"]["sentence"], data_in(stored)["verdict"]["sentence"]);
  EXPECT_EQ(sunder({"report", run.string(), "--model", "register"}).exit_code, 254);
}

}  // namespace
}  // namespace sunder::harness
