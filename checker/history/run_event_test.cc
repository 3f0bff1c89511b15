#include "checker/history/run_event.h"

#include <algorithm>

#include <gmock/gmock.h>

#include "checker/history/input_error.h"
#include "checker/history/jsonl.h"

namespace sunder::history {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Row {
  std::string name;
  std::string fields;
  FaultPhase phase;
  RunEvent event;
};

FaultDescription kill() {
  return {"kill", 3, "kill", "", {}, {"n1", "n2"}};
}

// One row for each event, and for each way in which its fields may be absent.
std::vector<Row> rows() {
  using enum FaultPhase;
  const FaultDescription split{"partition", 4, "partition", "", {{"shape", "halves"}}, {}};
  const FaultDescription ambush{"ambush", 5, "kill", "voters", {}, {"n1"}};
  const FaultDescription transfer{"transfer", 6, "transfer", "", {}, {"n2"}};
  return {
      {"kill", R"({"id":3,"kind":"kill","targets":["n1","n2"]})", injected,
       FaultInjected{kill(), {}, {}, {}, {}}},
      {"partition",
       R"({"id":4,"kind":"partition","shape":"halves","targets":[],"links":["n1->n2"]})", injected,
       FaultInjected{split, {}, {"n1->n2"}, {}, {}}},
      {"ambush",
       R"({"id":5,"kind":"kill","ambush":"voters","targets":["n1"],"note":"why",)"
       R"("triggered_at":1234567890})",
       injected, FaultInjected{ambush, "why", {}, {}, Time{1234567890}}},
      {"transfer", R"({"id":6,"kind":"transfer","targets":["n2"],"taken":2,"took_ms":31})",
       injected, FaultInjected{transfer, {}, {}, Order{2, 31ms}, {}}},
      {"heal-ambush", R"({"id":5,"kind":"kill","ambush":"voters","targets":["n1"]})", healed,
       FaultHealed{ambush}},
      {"skip-kill", R"({"id":3,"kind":"kill","targets":["n1","n2"],"because":"down"})", skipped,
       FaultSkipped{kill(), {}, {}, "down"}},
      {"skip-transfer",
       R"({"id":6,"kind":"transfer","targets":["n2"],"note":"why","taken":0,"took_ms":9,)"
       R"("because":"refused"})",
       skipped, FaultSkipped{transfer, "why", Order{0, 9ms}, "refused"}},
      {"crash", R"({"node":"n1","how":"signal 6"})", moment, Crash{"n1", "signal 6"}},
      {"stopped", R"({"node":"n1","how":"exit status 3","fault":7})", moment,
       Stopped{"n1", "exit status 3", 7}},
      {"recovery", R"({"recovered":false,"took_ms":10000,"because":"n2 is behind"})", moment,
       Recovery{false, 10s, "n2 is behind", {}, {}, {}}},
      {"recovery", R"({"recovered":true,"took_ms":5,"caught_up_to":17,"leader":"n2","term":4})",
       moment, Recovery{true, 5ms, {}, 17, "n2", 4}},
      {"recovery", R"({"recovered":true,"took_ms":5,"keys_read":100})", moment,
       Recovery{true, 5ms, {}, {}, {}, {}, 100}},
      {"stall-report", R"({"took_ms":2500})", report, StallReport{2500ms}},
      {"clock-report", R"({"node":"n1","rate":1.5,"ahead_us":-20000})", report,
       ClockReport{"n1", 1.5, -20ms}},
      {"disk-report", R"({"node":"n1","order":"lose_power","lost":3,"file":"log-1"})", report,
       DiskReport{"n1", "lose_power", {{"lost", 3}, {"file", "log-1"}}}},
      {"files-report", R"({"program":"ovsdb-tool","passed":true,"said":"ok"})", report,
       FilesReport{"ovsdb-tool", true, "ok"}},
      {"bypass-report", R"({"nodes":["n1","n2"],"connection":"127.1.2.1:40000 -> 127.1.2.2:1"})",
       report, BypassReport{{"n1", "n2"}, "127.1.2.1:40000 -> 127.1.2.2:1"}},
      {"driver-report", R"({"complaint":"the helper exited"})", report,
       DriverReport{"the helper exited"}},
      {"moon-phase", R"({"is":"full"})", moment,
       UnknownEvent{"moon-phase", Object{{"is", "full"}}}},
      {"moon-report", "null", report, UnknownEvent{"moon-report", {}}},
  };
}

Event event_named(const std::string& name, const std::string& fields) {
  return parse_json_line(R"({"index":0,"time":0,"process":"nemesis","type":"info","f":")" + name +
                         R"(","value":)" + fields + "}");
}

std::string refusal_of(const std::string& name, const std::string& fields) {
  try {
    run_event_of(event_named(name, fields));
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

TEST(RunEvent, every_event_is_read_and_written_with_the_same_bytes) {
  for (const auto& [name, fields, phase, event] : rows()) {
    EXPECT_EQ(run_event_of(event_named(name, fields)), event) << name;
    EXPECT_EQ(to_event(event), event_named(name, fields)) << name;
    EXPECT_EQ(to_json(fields_of(event)), fields) << name;
    EXPECT_EQ(name_of(event), name);
    EXPECT_EQ(phase_of(event), phase) << name;
  }
}

TEST(RunEvent, the_table_has_each_event) {
  std::vector<bool> has(std::variant_size_v<RunEvent>);
  for (const Row& row : rows()) has[row.event.index()] = true;
  EXPECT_THAT(has, testing::Each(true));
}

TEST(RunEvent, every_event_with_a_name_of_its_own_is_listed_with_its_fields) {
  for (const auto& event : named_run_events()) {
    const auto& [name, phase, fields] = event;
    const auto all = rows();
    const auto row = std::find_if(all.begin(), all.end(),
                                  [&](const Row& other) { return other.name == event.name; });
    ASSERT_NE(row, all.end()) << name;
    EXPECT_EQ(row->phase, phase) << name;
    if (name == "recovery") {
      EXPECT_THAT(fields, ElementsAre("recovered", "took_ms", "because", "caught_up_to", "leader",
                                      "term", "keys_read"));
    }
    if (name == "crash") {
      EXPECT_THAT(fields, ElementsAre("node", "how"));
    }
  }
  EXPECT_EQ(named_run_events().size(), 9U);
}

TEST(RunEvent, its_nodes_are_the_targets_of_a_fault_or_the_one_that_a_report_is_on) {
  EXPECT_THAT(nodes_of(FaultHealed{kill()}), ElementsAre("n1", "n2"));
  EXPECT_THAT(nodes_of(Stopped{"n3", "", 7}), ElementsAre("n3"));
  EXPECT_THAT(nodes_of(Recovery{}), IsEmpty());
}

TEST(RunEvent, a_malformed_one_is_refused_with_the_event_and_the_field) {
  EXPECT_EQ(refusal_of("stall-report", "{}"), "the event 'stall-report': 'took_ms' is missing");
  EXPECT_EQ(refusal_of("crash", R"({"node":1,"how":""})"),
            "the event 'crash': 'node' must be a text");
  EXPECT_EQ(refusal_of("kill", R"({"id":1,"kind":"kill","targets":"n1"})"),
            "the event 'kill': 'targets' must be a list of texts");
  EXPECT_EQ(refusal_of("recovery", R"({"recovered":"yes","took_ms":1})"),
            "the event 'recovery': 'recovered' must be true or false");
  EXPECT_EQ(refusal_of("transfer", R"({"id":1,"kind":"transfer","targets":[],"taken":1})"),
            "the event 'transfer': 'took_ms' is missing");
  EXPECT_EQ(refusal_of("clock-report", R"({"node":"n1","rate":"fast","ahead_us":0})"),
            "the event 'clock-report': 'rate' must be a number");
}

TEST(RunEvent, fields_that_other_versions_write_are_kept_of_faults_and_ignored_of_the_rest) {
  const auto fault =
      run_event_of(event_named("kill", R"({"id":1,"kind":"kill","targets":[],"mood":"bad"})"));
  EXPECT_EQ(fault_of(fault)->parameters, (Object{{"mood", "bad"}}));
  EXPECT_EQ(run_event_of(event_named("stall-report", R"({"took_ms":1,"mood":"bad"})")),
            RunEvent(StallReport{1ms}));
}

TEST(RunEvent, a_fault_without_an_id_is_of_another_system) {
  EXPECT_EQ(run_event_of(event_named("kill", "null")), RunEvent(UnknownEvent{"kill", {}}));
  EXPECT_EQ(run_event_of(event_named("heal-kill", R"(["n1"])")),
            RunEvent(UnknownEvent{"heal-kill", List{"n1"}}));
}

TEST(RunEvent, a_malformed_one_in_a_history_is_refused_with_its_place) {
  OperationBuilder builder("history.jsonl");
  Event stall = event_named("stall-report", "{}");
  builder.add(stall, 1);
  try {
    run_records_of(builder.finish({}));
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("history.jsonl:1: the event 'stall-report'"));
  }
}

}  // namespace
}  // namespace sunder::history
