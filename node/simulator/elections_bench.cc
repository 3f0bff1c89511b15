// ./dev bench elections: what happens when the election timeout T comes near the time that messages
// take. Five nodes in virtual time; again and again the leader crashes and the others elect a new
// one. For each one-way delay and each T: how long that takes, how many candidacies fail, and how
// often a leader falls to whom nothing happened.

#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

#include <cxxopts.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "node/simulator/cluster.h"

namespace sunder::simulator {
namespace {

using namespace std::chrono_literals;
using Millis = std::chrono::duration<double, std::milli>;
using Minutes = std::chrono::duration<double, std::ratio<60>>;

constexpr int nodes = 5;
/// Both in election timeouts: how long a leader is left alone, and how long one is waited for.
constexpr int rest = 20;
constexpr int patience = 200;

struct Cell {
  raft::Time delay{0};
  raft::Time timeout{0};
  /// In order; one for each crash of a leader that another one followed in time.
  std::vector<Millis> times;
  int without_leader = 0;
  int failed_candidacies = 0;
  int falls = 0;
  Minutes rested{0};

  double median_ms() const { return times.empty() ? 0 : times[times.size() / 2].count(); }
  double failed_for_each() const {
    return times.empty() ? 0 : failed_candidacies / static_cast<double>(times.size());
  }
  double falls_a_minute() const { return falls / rested.count(); }
};

class Elections {
 public:
  Elections(raft::Time delay, raft::Time timeout, bool pre_vote)
      : cluster_(
            events_, dice_, replica_options(timeout, pre_vote), nodes,
            [](TraceSink&) { return Parts{}; }, [](auto, const auto&) {}) {
    cell_.delay = delay;
    cell_.timeout = timeout;
    cluster_.on_send = [this, delay](const raft::Message& message) {
      events_.after(dice_.between(delay / 2, delay * 3 / 2),
                    [this, message] { cluster_.deliver(message); });
    };
    cluster_.on_event = [this](NodeId node, Term, const trace::Event& event) { hear(node, event); };
  }

  Cell measure(int crashes) {
    for (const auto node : cluster_.nodes()) cluster_.start(node);
    for (int i = 0; i < crashes; ++i) {
      if (!wait_for_leader()) {
        ++cell_.without_leader;
        continue;
      }
      leave_alone();
      crash_leader();
    }
    std::sort(cell_.times.begin(), cell_.times.end());
    return cell_;
  }

 private:
  static ReplicaOptions replica_options(raft::Time timeout, bool pre_vote) {
    ReplicaOptions options;
    options.raft.election_timeout = timeout;
    options.raft.pre_vote = pre_vote;
    return options;
  }

  void hear(NodeId node, const trace::Event& event) {
    if (std::holds_alternative<trace::BecameCandidate>(event)) ++candidacies_;
    if (std::holds_alternative<trace::BecameLeader>(event)) leader_ = node;
    if (std::holds_alternative<trace::BecameFollower>(event) && leader_ == node) {
      leader_.reset();
      if (is_left_alone_) ++cell_.falls;
    }
  }

  void leave_alone() {
    is_left_alone_ = true;
    events_.run_until(events_.now() + rest * cell_.timeout);
    is_left_alone_ = false;
    cell_.rested += rest * cell_.timeout;
  }

  void crash_leader() {
    if (!leader_) return;
    const auto crashed = *leader_;
    leader_.reset();
    candidacies_ = 0;
    cluster_.crash(crashed);
    if (const auto time = wait_for_leader()) {
      cell_.times.emplace_back(*time);
      cell_.failed_candidacies += candidacies_ - 1;
    } else {
      ++cell_.without_leader;
    }
    cluster_.start(crashed);
  }

  /// How long it took.
  std::optional<raft::Time> wait_for_leader() {
    const auto begun = events_.now();
    while (!leader_ && events_.now() < begun + patience * cell_.timeout) {
      events_.run_until(events_.now() + 100us);
    }
    return leader_ ? std::optional(events_.now() - begun) : std::nullopt;
  }

  Cell cell_;
  EventQueue events_;
  Dice dice_{1};
  Cluster cluster_;
  std::optional<NodeId> leader_;
  int candidacies_ = 0;
  bool is_left_alone_ = false;
};

void print_row(const Cell& cell) {
  fmt::print("{:>7} {:>7} {:>7.1f} {:>10} {:>11.2f} {:>10.1f} {:>9}\n",
             fmt::format("{:g} ms", Millis(cell.delay).count()),
             fmt::format("{:g} ms", Millis(cell.timeout).count()),
             Millis(cell.timeout) / Millis(2 * cell.delay),
             cell.times.empty() ? "never" : fmt::format("{:.0f} ms", cell.median_ms()),
             cell.failed_for_each(), cell.falls_a_minute(), cell.without_leader);
}

nlohmann::json to_json(const Cell& cell) {
  return {{"delay_ms", Millis(cell.delay).count()},
          {"timeout_ms", Millis(cell.timeout).count()},
          {"elections", cell.times.size()},
          {"median_ms", cell.median_ms()},
          {"failed_for_each", cell.failed_for_each()},
          {"falls_a_minute", cell.falls_a_minute()},
          {"without_leader", cell.without_leader}};
}

void run(int argc, char** argv) {
  cxxopts::Options options("elections_bench", "Elections as T nears the time of messages.");
  // clang-format off
  options.add_options()
      ("crashes", "of leaders, for each row", cxxopts::value<int>()->default_value("50"), "N")
      ("no-pre-vote", "stand for election without asking first")
      ("json", "one JSON object instead of a table")
      ("help", "this text");
  // clang-format on
  const auto flags = options.parse(argc, argv);
  if (flags.count("help") != 0) return fmt::print("{}\n", options.help());
  const bool as_json = flags.count("json") != 0;
  auto cells = nlohmann::json::array();
  if (!as_json) {
    fmt::print("{:>7} {:>7} {:>7} {:>10} {:>11} {:>10} {:>9}\n", "one way", "T", "T/trip",
               "to leader", "failed each", "falls/min", "no leader");
  }
  for (const raft::Time delay : {1ms, 5ms, 20ms, 50ms}) {
    for (const int trips : {1, 2, 3, 5, 10, 20, 50}) {
      Elections elections(delay, trips * 2 * delay, flags.count("no-pre-vote") == 0);
      const auto cell = elections.measure(flags["crashes"].as<int>());
      cells.push_back(to_json(cell));
      if (!as_json) print_row(cell);
    }
  }
  if (as_json) fmt::print("{}\n", nlohmann::json{{"elections_bench", cells}}.dump());
}

}  // namespace
}  // namespace sunder::simulator

int main(int argc, char** argv) {
  try {
    sunder::simulator::run(argc, argv);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "elections_bench: {}\n", error.what());
    return 254;
  }
}
