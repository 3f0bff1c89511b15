#include "node/simulator/simulation.h"

#include <algorithm>

#include <fmt/format.h>

#include "node/simulator/client_fleet.h"
#include "node/simulator/cluster.h"

namespace sunder::simulator {
namespace {

using namespace std::chrono_literals;

class Simulation {
 public:
  explicit Simulation(const SimulationOptions& options)
      : options_(options),
        dice_(options.seed),
        cluster_(events_, dice_, safety_, replica_options(), number_of_nodes(), options.make_parts,
                 [this](Clients::Connection connection, const client_protocol::Reply& reply) {
                   clients_.on_answer(connection, reply);
                 }),
        clients_(events_, dice_, cluster_, options.clients, options.pause_of_clients) {}

  SimulationResult run() {
    if (options_.faults.election_storm) {
      begin_storm();
    } else if (options_.faults.voter_restarts) {
      cluster_.on_event = [this](NodeId node, Term, const trace::Event& event) {
        const auto* vote = std::get_if<trace::VoteGranted>(&event);
        if (vote != nullptr && vote->candidate != node) restart_voter(node);
      };
    }
    for (const auto node : cluster_.nodes()) cluster_.start(node);
    clients_.begin();
    next_fault();
    events_.run_until(options_.duration);
    calm_down();
    return result();
  }

 private:
  ReplicaOptions replica_options() {
    ReplicaOptions replica;
    // Half of the clusters compact, some of them all the time.
    if (dice_.one_in(2)) replica.snapshot_every = 1 + dice_.below(60);
    auto& options = replica.raft;
    options.snapshot_piece_bytes = 200;
    options.max_in_flight = 4;
    options.max_append_bytes = 400;
    // Bare Raft must be safe too, and has elections that collide.
    options.pre_vote = options.check_quorum = !dice_.one_in(3);
    options.lease = options.check_quorum && dice_.one_in(2);
    if (options_.faults.election_storm) {
      options.check_quorum = options.lease = false;
      options.pre_vote = dice_.one_in(3);
    }
    return replica;
  }

  int number_of_nodes() {
    if (options_.nodes != 0) return options_.nodes;
    return dice_.one_in(2) ? 3 : 5;
  }

  void next_fault() {
    events_.after(dice_.between(20ms, 800ms), [this] {
      if (is_calm_) return;
      if (options_.faults.election_storm) {
        strike_leader();
      } else {
        one_fault();
      }
      next_fault();
    });
  }

  void one_fault() {
    const auto kind = dice_.below(11);
    if (kind <= 1 && options_.faults.partitions) return partition();
    if (kind == 2) return cluster_.heal_links();
    if (kind <= 5 && options_.faults.crashes) return crash_some();
    if (kind == 6 && options_.faults.pauses) return pause_one();
    if (kind == 7 && options_.faults.weather) return change_weather();
    if (kind == 8 && options_.faults.membership) return change_voters();
    if (kind == 9 && options_.faults.transfers) return transfer_leadership();
    if (kind == 10) {
      cluster_.weather = {};
      cluster_.heal_links();
    }
  }

  void begin_storm() {
    cluster_.weather = {.loss_percent = dice_.below(3) * 10,
                        .duplicate_percent = 10,
                        .delay_percent = 10 + dice_.below(3) * 10,
                        .most_late = 600ms,
                        .vote_delay_percent = 30 + dice_.below(3) * 30};
    cluster_.on_event = [this](NodeId node, Term, const trace::Event& event) {
      const auto* vote = std::get_if<trace::VoteGranted>(&event);
      if (vote != nullptr && vote->candidate != node) restart_voter(node);
      const bool leads = std::holds_alternative<trace::BecameLeader>(event);
      if (is_calm_ || !dice_.one_in(leads ? 3 : 50)) return;
      ++crashes_;
      cluster_.crash_in_a_step(node);
      events_.after(dice_.between(1ms, 30ms), [this, node] {
        if (!cluster_.is_up(node)) cluster_.start(node);
      });
    };
  }

  void strike_leader() {
    const auto leader = cluster_.leader();
    const auto kind = dice_.below(5);
    if (!leader || kind == 0) return cluster_.heal_links();
    if (kind == 1) return partition();
    if (kind == 2) {
      cluster_.pause(*leader);
      events_.after(dice_.between(50ms, 400ms), [this, node = *leader] { cluster_.resume(node); });
      return;
    }
    ++crashes_;
    cluster_.crash(*leader);
    events_.after(dice_.between(0ms, 100ms), [this, node = *leader] {
      if (!cluster_.is_up(node)) cluster_.start(node);
    });
  }

  NodeId leader_or_anyone() {
    const auto leader = cluster_.leader();
    return leader && dice_.one_in(2) ? *leader : dice_.one_of(cluster_.nodes());
  }

  void partition() {
    cluster_.heal_links();
    const auto victim = leader_or_anyone();
    const auto kind = dice_.below(4);
    for (const auto one : cluster_.nodes()) {
      for (const auto other : cluster_.nodes()) {
        if (one == other) continue;
        const bool halves = kind == 0 && (one.value + other.value) % 2 == 1;
        const bool alone = kind == 1 && (one == victim || other == victim);
        const bool deaf = kind == 2 && other == victim;
        const bool random_link = kind == 3 && dice_.one_in(3);
        if (halves || alone || deaf || random_link) cluster_.cut(one, other);
      }
    }
  }

  void crash_some() {
    const bool all = dice_.one_in(6);
    for (const auto node : cluster_.nodes()) {
      const bool is_victim = all || (victims_left() && node == leader_or_anyone());
      if (!is_victim || !cluster_.is_up(node)) continue;
      ++crashes_;
      if (dice_.one_in(2)) {
        cluster_.crash(node);
      } else {
        cluster_.crash_in_a_step(node);
      }
      restart_later(node);
    }
  }
  bool victims_left() { return !dice_.one_in(3); }

  void restart_later(NodeId node) {
    events_.after(dice_.between(1ms, 900ms), [this, node] {
      if (!cluster_.is_up(node)) cluster_.start(node);
    });
  }

  void restart_voter(NodeId node) {
    if (is_calm_ || !dice_.one_in(3)) return;
    events_.after(dice_.between(0ms, 3ms), [this, node] {
      if (is_calm_ || !cluster_.is_up(node)) return;
      ++crashes_;
      cluster_.crash(node);
      cluster_.start(node);
    });
  }

  void pause_one() {
    const auto node = leader_or_anyone();
    cluster_.pause(node);
    events_.after(dice_.between(50ms, 700ms), [this, node] { cluster_.resume(node); });
    if (!options_.faults.partitions || dice_.one_in(2)) return;
    // What had arrived before it slept is heard first, and nothing else for a while.
    events_.after(dice_.between(0ms, 30ms), [this, node] {
      for (const auto other : cluster_.nodes()) {
        if (is_calm_ || other == node) continue;
        cluster_.cut(node, other);
        cluster_.cut(other, node);
      }
    });
  }

  void change_voters() {
    const auto action =
        dice_.one_in(2) ? admin_protocol::Action::add : admin_protocol::Action::remove;
    admin_protocol::Request request{1, action, {}};
    for (auto left = 1 + dice_.below(3); left > 0; --left) {
      request.nodes.insert(dice_.one_of(cluster_.nodes()));
    }
    if (const auto leader = cluster_.leader()) cluster_.administer(*leader, request);
  }

  void transfer_leadership() {
    const admin_protocol::Request request{
        1, admin_protocol::Action::transfer, {dice_.one_of(cluster_.nodes())}};
    if (const auto leader = cluster_.leader()) cluster_.administer(*leader, request);
  }

  void change_weather() {
    cluster_.weather = {.loss_percent = dice_.below(4) * 10,
                        .duplicate_percent = dice_.below(4) * 10,
                        .delay_percent = dice_.below(4) * 10,
                        .vote_delay_percent = dice_.below(2) * 80};
  }

  /// Everything is healed; then the cluster has to answer.
  void calm_down() {
    is_calm_ = true;
    cluster_.heal_links();
    cluster_.weather = {};
    events_.run_until(events_.now() + 1s);
    for (const auto node : cluster_.nodes()) {
      cluster_.resume(node);
      if (cluster_.is_up(node)) cluster_.crash(node);
      cluster_.start(node);
    }
    events_.run_until(events_.now() + 2s);
    clients_.stop();
    events_.run_until(events_.now() + 5s);
    clients_.read_everything();
    events_.run_until(events_.now() + 5s);
    if (!clients_.is_idle()) safety_.violated("liveness: the healed cluster does not answer");
  }

  SimulationResult result() {
    SimulationResult result;
    result.violations = safety_.violations();
    if (const auto what = clients_.history().contradiction()) {
      result.violations.push_back("linearizability: " + *what);
    }
    result.operations = clients_.history().completed();
    result.elections = safety_.count_of("became_leader");
    result.truncations = safety_.count_of("truncated");
    result.commits = safety_.last_committed().value;
    result.crashes = crashes_;
    result.snapshots_taken = safety_.count_of("snapshot_taken");
    result.snapshots_installed = safety_.count_of("snapshot_installed");
    result.configurations = safety_.count_of("configuration");
    return result;
  }

  SimulationOptions options_;
  EventQueue events_;
  Dice dice_;
  Safety safety_;
  Cluster cluster_;
  ClientFleet clients_;
  bool is_calm_ = false;
  std::uint64_t crashes_ = 0;
};

}  // namespace

SimulationResult simulate(const SimulationOptions& options) {
  return Simulation(options).run();
}

}  // namespace sunder::simulator
