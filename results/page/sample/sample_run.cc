#include "results/page/sample/sample_run.h"

#include <algorithm>
#include <array>
#include <random>
#include <string>

#include <fmt/format.h>

#include "results/page/sample/isolation_sample.h"

namespace sunder::results {

using checker::CheckResult;
using checker::Counterexample;
using checker::Validity;
using history::Event;
using history::EventType;
using history::List;
using history::Object;
using history::Operation;
using history::Outcome;
using history::Position;
using history::ProcessId;
using history::RunRecord;
using history::Time;
using namespace std::chrono_literals;

namespace {

constexpr Time run_length = 30s;
constexpr int clients = 10;
constexpr std::array<const char*, 5> node_names = {"n1", "n2", "n3", "n4", "n5"};

/// Who leads from when, with the election before it.
struct Reign {
  Time from;
  Time until;
  std::size_t leader;
  std::uint64_t term;
};
constexpr std::array<Reign, 6> reigns = {{{310ms, 4200ms, 1, 1},
                                          {5150ms, 10100ms, 3, 3},
                                          {10380ms, 15050ms, 0, 4},
                                          {16900ms, 21000ms, 4, 7},
                                          {21400ms, 26020ms, 2, 8},
                                          {26350ms, 30s, 1, 9}}};

struct Injection {
  const char* kind;
  const char* shape;
  std::vector<std::size_t> targets;
  Time from;
  Time until;
};

std::vector<Injection> injections() {
  return {{"kill", "", {1}, 4200ms, 7100ms},
          {"partition", "majorities-ring", {0, 1, 2, 3, 4}, 9000ms, 9900ms},
          {"pause", "", {3, 4}, 10100ms, 12800ms},
          {"partition", "halves", {0, 2}, 15050ms, 18300ms},
          {"kill", "", {4}, 21000ms, 23300ms},
          {"kill", "", {0}, 22000ms, 24800ms},
          {"pause", "", {2}, 26020ms, 28500ms}};
}

class Generator {
 public:
  Generator(SampleRun& run, std::uint64_t seed) : run_(run), random_(seed) {}

  void make_operations(std::size_t count) {
    std::array<Time, clients> free_at{};
    for (int i = 0; i < clients; ++i) processes_[static_cast<std::size_t>(i)] = i;
    const Time step = run_length / static_cast<Time::rep>(std::max<std::size_t>(count, 1));
    for (std::size_t i = 0; i < count; ++i) {
      const auto earliest = std::min_element(free_at.begin(), free_at.end());
      const Time begin = std::max(*earliest, step * static_cast<Time::rep>(i));
      *earliest =
          begin + make_operation(begin, static_cast<std::size_t>(earliest - free_at.begin()));
    }
    number_events();
  }

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

 private:
  /// How long its client was busy.
  Time make_operation(Time begin, std::size_t slot) {
    Operation operation;
    operation.process = ProcessId{processes_[slot]};
    operation.key = fmt::format("k{}", below(5));
    operation.invoked_at = begin;
    const auto kind = below(10);
    operation.f = kind < 5 ? "read" : kind < 8 ? "write" : "cas";
    if (operation.f == "write") operation.argument = ++value_;
    if (operation.f == "cas") {
      operation.argument = List{value_, value_ + 1};
      ++value_;
    }
    const Time wait = wait_for_leader(begin);
    Time busy = wait + latency();
    operation.outcome = Outcome::ok;
    if (operation.f == "cas" && below(3) == 0) {
      operation.outcome = Outcome::fail;
      operation.refused = true;
    }
    if (busy > 1s) {
      busy = 1s;
      operation.refused = false;
      operation.outcome = operation.f == "read" ? Outcome::fail : Outcome::info;
    }
    operation.result = operation.argument;
    if (operation.f == "read" && operation.outcome == Outcome::ok) operation.result = value_;
    if (operation.outcome == Outcome::info) {
      processes_[slot] += clients;
    } else {
      operation.returned_at = begin + busy;
    }
    run_.operations.push_back(std::move(operation));
    return busy;
  }

  /// Microseconds with a long tail.
  Time latency() {
    const auto tail = below(100) < 3 ? 1 + below(15) : 1;
    return std::chrono::microseconds(350 + below(400) + below(400) * below(4) + 900 * (tail - 1));
  }

  Time wait_for_leader(Time time) {
    for (const Reign& reign : reigns) {
      if (time < reign.from) return reign.from - time + std::chrono::milliseconds(below(60));
      if (time < reign.until) return 0ms;
    }
    return 0ms;
  }

  void number_events() {
    struct Moment {
      Time time;
      std::size_t operation;
      bool is_return;
    };
    std::vector<Moment> moments;
    auto& operations = run_.operations;
    std::stable_sort(operations.begin(), operations.end(), [](const auto& left, const auto& right) {
      return left.invoked_at < right.invoked_at;
    });
    for (std::size_t i = 0; i < operations.size(); ++i) {
      moments.push_back({operations[i].invoked_at, i, false});
      if (operations[i].outcome != Outcome::info) {
        moments.push_back({operations[i].returned_at, i, true});
      }
    }
    std::stable_sort(moments.begin(), moments.end(), [](const Moment& left, const Moment& right) {
      return left.time < right.time;
    });
    for (std::size_t i = 0; i < moments.size(); ++i) {
      Operation& operation = operations[moments[i].operation];
      (moments[i].is_return ? operation.returned : operation.invoked) = static_cast<Position>(i);
    }
  }

  SampleRun& run_;
  std::mt19937_64 random_;
  std::array<std::int64_t, clients> processes_{};
  std::int64_t value_ = 0;
};

std::vector<RunRecord> run_records() {
  std::vector<RunRecord> records;
  int id = 0;
  for (const Injection& injection : injections()) {
    history::FaultDescription fault{injection.kind, ++id, injection.kind, "", {}, {}};
    for (const std::size_t target : injection.targets) {
      fault.targets.emplace_back(node_names[target]);
    }
    if (*injection.shape != '\0') fault.parameters.emplace_back("shape", injection.shape);
    records.push_back({injection.from, history::FaultInjected{fault, {}, {}, {}, {}}});
    records.push_back({injection.until, history::FaultHealed{fault}});
  }
  std::stable_sort(
      records.begin(), records.end(),
      [](const RunRecord& left, const RunRecord& right) { return left.time < right.time; });
  return records;
}

/// The stretches in which a node was killed.
std::vector<TimeSpan> downtimes(std::size_t node) {
  std::vector<TimeSpan> spans;
  for (const Injection& injection : injections()) {
    const auto& targets = injection.targets;
    const bool hit = std::find(targets.begin(), targets.end(), node) != targets.end();
    if (hit && std::string_view(injection.kind) == "kill") {
      spans.push_back({injection.from, injection.until});
    }
  }
  return spans;
}

void add_role(std::vector<RoleSpan>& roles, Time from, Time until, Role role, std::uint64_t term) {
  if (from < until) roles.push_back({from, until, role, term});
}

/// Whether a node is on the other side of a partition from the leader as the leader's reign begins.
bool is_cut_off(std::size_t node, const Reign& reign) {
  const auto all = injections();
  return std::any_of(all.begin(), all.end(), [&](const Injection& injection) {
    const auto hits = [&](std::size_t each) {
      return std::count(injection.targets.begin(), injection.targets.end(), each) > 0;
    };
    return std::string_view(injection.shape) == "halves" && injection.from <= reign.from &&
           reign.from < injection.until && hits(node) != hits(reign.leader);
  });
}

NodeTimeline timeline_of(std::size_t node) {
  NodeTimeline timeline;
  timeline.node = node_names[node];
  timeline.marks.push_back({1ms, "started", 0, "started with an empty log", ""});
  Time at{0};
  std::uint64_t term = 0;
  for (const Reign& reign : reigns) {
    const bool leads = reign.leader == node;
    const Time candidate_from = leads ? reign.from - 120ms : reign.from;
    add_role(timeline.roles, at, candidate_from, Role::follower, term);
    if (leads) {
      add_role(timeline.roles, candidate_from, reign.from, Role::candidate, reign.term);
      timeline.marks.push_back({candidate_from, "became_candidate", reign.term, "", ""});
      timeline.marks.push_back({reign.from, "became_leader", reign.term, "became leader", ""});
    } else if (!is_cut_off(node, reign)) {
      const std::string leader = node_names[reign.leader];
      timeline.marks.push_back(
          {reign.from - 60ms, "vote_granted", reign.term, "voted for " + leader, leader});
      timeline.marks.push_back(
          {reign.from + 2ms, "became_follower", reign.term, "follows " + leader, leader});
    }
    add_role(timeline.roles, reign.from, reign.until, leads ? Role::leader : Role::follower,
             reign.term);
    at = reign.until;
    term = reign.term;
  }
  for (const TimeSpan& down : downtimes(node)) {
    for (RoleSpan& span : timeline.roles) {
      if (span.from < down.until && span.until > down.from) {
        span.from = std::max(span.from, down.until);
        span.until = std::max(span.until, span.from);
      }
    }
    timeline.roles.push_back({down.from, down.until, Role::down, 0});
    timeline.marks.push_back({down.until, "started", term, "started again", ""});
    timeline.marks.push_back(
        {down.until + 300ms, "truncated", term, "removed its log from 812 on", ""});
  }
  std::sort(timeline.roles.begin(), timeline.roles.end(),
            [](const auto& left, const auto& right) { return left.from < right.from; });
  std::sort(timeline.marks.begin(), timeline.marks.end(),
            [](const auto& left, const auto& right) { return left.time < right.time; });
  std::uint64_t index = 0;
  for (Time time = 400ms; time < run_length; time += 100ms) {
    const bool led = std::any_of(reigns.begin(), reigns.end(), [&](const Reign& reign) {
      return reign.from <= time && time < reign.until;
    });
    if (led) index += 40;
    timeline.commits.push_back({time + std::chrono::milliseconds(10 * node), index});
  }
  return timeline;
}

CheckResult check(std::string name, std::string message, std::string procedure) {
  return {std::move(name), Validity::valid, std::move(message), std::move(procedure), {}, {}};
}

Operation act(int process, std::string_view f, history::Value argument, history::Value result,
              Position invoked, Position returned, Time from, Time until) {
  Operation operation;
  operation.process = ProcessId{process};
  operation.f = f;
  operation.key = "k1";
  operation.argument = std::move(argument);
  operation.result = std::move(result);
  operation.outcome = returned == history::never ? Outcome::info : Outcome::ok;
  operation.invoked = invoked;
  operation.returned = returned;
  operation.invoked_at = from;
  operation.returned_at = until;
  return operation;
}

Counterexample stale_read() {
  Counterexample example;
  example.key = "k1";
  example.culprit = 3;
  example.sentence = "client 3 read 17 after client 5's write of 21 had returned";
  example.operations = {
      act(7, "write", 17, 17, 8000, 8003, 14931ms, 14934ms),
      act(12, "write", 19, 19, 8010, history::never, 15048ms, 0ms),
      act(5, "write", 21, 21, 8210, 8214, 16944ms, 16947ms),
      act(3, "read", {}, 17, 8220, 8222, 17063ms, 17065ms),
  };
  return example;
}

std::vector<CheckResult> checks_of(SampleKind kind) {
  std::vector<CheckResult> checks = {
      check("operations succeeded", "9,412 operations were answered ok", "counting"),
      check("faults took effect", "kill 3 times, pause 2 times, partition 2 times", "history"),
      check("linearizable", "5 keys, each linearizable", "zones"),
      check("election safety", "6 leaders, each alone in its term", "traces"),
      check("leader append-only", "no leader removed an entry of its own log", "traces"),
      check("log matching", "18,204 entries compared", "traces"),
      check("leader completeness", "every leader held what was committed before", "traces"),
      check("state machine safety", "every index was applied with one entry", "traces")};
  if (kind == SampleKind::stale_read) {
    checks[2].validity = Validity::invalid;
    checks[2].counterexample = stale_read();
    checks[2].message = checks[2].counterexample->sentence;
  }
  if (kind == SampleKind::stale_transaction) {
    checks[2] = {"isolation", Validity::invalid, {}, "graph of transactions", {}, {}};
    checks[2].isolation = stale_transaction();
    checks[2].message = fmt::format("strict-serializable is ruled out by G-single-realtime: {}",
                                    checks[2].isolation->anomalies[0].sentence);
  }
  if (kind == SampleKind::two_leaders) {
    checks[3].validity = Validity::invalid;
    checks[3].message = "n5 and n1 were both leaders of term 7";
    checks[3].evidence = {{16790ms, "n1", 7, 0, "n1 voted for itself"},
                          {16840ms, "n2", 7, 0, "n2 voted for n5"},
                          {16900ms, "n5", 7, 0, "n5 became leader of term 7"},
                          {16960ms, "n1", 7, 0, "n1 became leader of term 7"}};
  }
  if (kind == SampleKind::no_operations) {
    checks[0].validity = Validity::unknown;
    checks[0].message = "no operation was answered ok, so nothing was tested";
  }
  return checks;
}

NodeLog log_of(std::size_t node) {
  NodeLog log{node_names[node], {}};
  for (int line = 0; line < 200; ++line) {
    log.text += fmt::format("{:9.3f} {} heartbeat {} sent, <everything> & more is well\n",
                            line * 0.15, node_names[node], line);
  }
  return log;
}

}  // namespace

SampleRun::SampleRun(SampleKind kind, std::size_t operation_count, std::uint64_t seed) {
  Generator(*this, seed).make_operations(kind == SampleKind::no_operations ? 0 : operation_count);
  input.label = fmt::format("register/20261124T045318Z-{}", seed);
  input.facts = {{"system", "raft"},
                 {"workload", "register"},
                 {"nodes", "5"},
                 {"nemesis", "kill, pause, partition"},
                 {"concurrency", "10"},
                 {"time limit", "30s"},
                 {"seed", std::to_string(seed)}};
  input.command = fmt::format(
      "sunder run --workload register --nemesis kill,pause,partition --time-limit 30s --seed {}",
      seed);
  input.plan = fmt::format(R"({{"system":"raft","workload":"register","seed":{}}})", seed);
  input.schedule = R"({"faults":[]})";
  input.verdict = checker::combine(checks_of(kind));
  input.operations = operations;
  input.statistics = statistics_of(operations);
  input.faults = fault_windows(run_records());
  for (std::size_t node = 0; node < node_names.size(); ++node) {
    input.nodes.push_back(timeline_of(node));
    input.logs.push_back(log_of(node));
  }
}

std::vector<Event> SampleRun::events() const {
  std::vector<Event> events;
  for (const RunRecord& record : run_records()) {
    events.push_back(history::to_event(record.event));
    events.back().time = record.time;
  }
  for (const Operation& operation : operations) {
    Event event;
    event.process = operation.process;
    event.f = operation.f;
    event.key = operation.key;
    event.time = operation.invoked_at;
    event.value = operation.argument;
    events.push_back(event);
    if (operation.outcome == Outcome::info) continue;
    event.type = operation.outcome == Outcome::ok ? EventType::ok : EventType::fail;
    if (operation.refused) event.error = "mismatch";
    event.time = operation.returned_at;
    event.value = operation.result;
    events.push_back(event);
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const Event& left, const Event& right) { return left.time < right.time; });
  for (std::size_t i = 0; i < events.size(); ++i) events[i].index = static_cast<std::int64_t>(i);
  return events;
}

}  // namespace sunder::results
