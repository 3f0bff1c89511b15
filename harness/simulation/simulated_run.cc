#include "harness/simulation/simulated_run.h"

#include <algorithm>
#include <exception>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "checker/history/run_event.h"
#include "harness/driver/raft/client.h"
#include "harness/run/history_recorder.h"
#include "harness/run/phases.h"
#include "harness/run/trace_observation.h"
#include "harness/run/wire_witness.h"
#include "harness/simulation/replica_options.h"
#include "harness/simulation/simulated_doors.h"
#include "harness/simulation/simulated_network.h"
#include "harness/simulation/simulated_nodes.h"
#include "harness/simulation/virtual_time.h"
#include "harness/workload_choice.h"
#include "nemesis/nemesis.h"
#include "node/simulator/cluster.h"

namespace sunder::harness::simulation {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class SimulatedRun::Implementation final : private PhaseActions {
 public:
  Implementation(const Plan& plan, const nemesis::Schedule& schedule, RunLog& log,
                 std::uint64_t seed, const std::optional<MakeParts>& make_parts)
      : plan_(plan),
        log_(log),
        dice_(seed),
        cluster_(events_, dice_, replica_options(plan), plan.nodes,
                 make_parts ? *make_parts : parts_of(plan, [this] { return events_.now(); }),
                 [this](Clients::Connection connection, const client_protocol::Reply& reply) {
                   doors_.answered(connection, reply);
                 }),
        doors_(time_, cluster_),
        network_(
            events_, dice_, links_,
            [this](const raft::Message& message) { cluster_.deliver(message); },
            [this](const nemesis::SentFrame& sent) { passed(sent); }),
        generator_(generator_of(plan)),
        recorder_(clock_, [&log](const history::Event& event) { log.on_event(event); }),
        witness_(clock_, [&log](const trace::Record& record) { log.on_wire(record); }),
        nodes_(events_, dice_, cluster_, doors_),
        nemesis_(io_, std::make_unique<VirtualTime>(events_, io_), nodes_, links_,
                 [this](const history::RunEvent& event) { recorder_.record(event); }),
        phases_(io_, worker_context(), schedule, nemesis_, *this) {
    cluster_.on_send = [this](const raft::Message& message) { network_.send(message); };
    cluster_.on_event = [this](NodeId node, Term term, const trace::Event& event) {
      heard({events_.now(), node, term, event});
    };
    cluster_.on_end = [this](NodeId node) {
      doors_.went_down(node);
      nodes_.went_down(node);
    };
  }

  void conduct() {
    bool is_over = false;
    phases_.begin([&] { is_over = true; });
    time_.run_until([&] { return is_over; });
    if (phases_.failure()) std::rethrow_exception(phases_.failure());
    log_.flush();
  }

  bool node_is_ending(const std::string& how) {
    const auto node = cluster_.at_work();
    if (!node) return false;
    recorder_.record(history::Crash{name_of(*node), how});
    log_.flush();
    return true;
  }

  raft::Time time() const { return events_.now(); }

 private:
  void start_nodes() override {
    for (const auto node : cluster_.nodes()) cluster_.start(node);
  }
  bool are_nodes_ready() const override { return cluster_.leader().has_value(); }
  std::filesystem::path log() const override { return "transcript.txt"; }
  std::optional<Leader> leader() const override {
    const auto leader = cluster_.leader();
    if (!leader) return std::nullopt;
    const auto term = cluster_.replica(*leader).raft().term();
    return Leader{*leader, term.value};
  }
  asio::awaitable<void> stop_nodes() override {
    for (const auto node : cluster_.nodes()) cluster_.kill(node);
    co_return;
  }
  asio::awaitable<void> inspect() override {
    read_disks();
    co_return;
  }

  WorkerContext worker_context() {
    return {time_, plan_,
            [this](NodeId node, history::ProcessId process) {
              return make_raft_client(doors_, doors_.addresses(), position_of(node), process);
            },
            *generator_, recorder_};
  }

  void heard(const trace::Record& record) {
    log_.on_trace(record);
    const auto observation = observe(record);
    if (!observation) return;
    phases_.observe(*observation);
    tell_nemesis(*observation);
  }

  // What a node says is heard at once, in the midst of its step, or within a millisecond: a real
  // one may die before what it says next or after it.
  void tell_nemesis(const nemesis::Observation& observation) {
    auto& heard_at = heard_at_[observation.node];
    const auto now = events_.now();
    const auto due = dice_.one_in(2) ? now : now + dice_.between(0us, 1000us);
    heard_at = std::max(heard_at, due);
    if (heard_at == now) return nemesis_.observe(observation);
    events_.after(heard_at - now, [this, observation] { nemesis_.observe(observation); });
  }

  void passed(const nemesis::SentFrame& sent) {
    witness_.observe(sent);
    const auto observation = nemesis::observe(sent, clock_.now());
    if (observation) nemesis_.observe(*observation);
  }

  void read_disks() {
    for (const auto node : cluster_.nodes()) {
      const auto disk = cluster_.disk(node).contents();
      trace::OnDisk found{disk.hard_state.voted_for, {}, {}, raft::digests_of(disk.entries)};
      if (disk.snapshot) {
        found.edge = disk.snapshot->last.index;
        found.edge_term = disk.snapshot->last.term;
      }
      log_.on_disk({events_.now(), node, disk.hard_state.term, std::move(found)});
    }
  }

  const Plan& plan_;
  RunLog& log_;
  asio::io_context io_{1};
  simulator::EventQueue events_;
  simulator::Dice dice_;
  VirtualTime time_{events_, io_};
  RunClock clock_{[this] { return time_.now(); }};
  std::map<NodeId, raft::Time> heard_at_;
  nemesis::LinkRules links_;
  simulator::Cluster cluster_;
  SimulatedDoors doors_;
  SimulatedNetwork network_;
  std::unique_ptr<workloads::Generator> generator_;
  HistoryRecorder recorder_;
  WireWitness witness_;
  SimulatedNodes nodes_;
  nemesis::Nemesis nemesis_;
  Phases phases_;
};

SimulatedRun::SimulatedRun(const Plan& plan, const nemesis::Schedule& schedule, RunLog& log,
                           std::uint64_t seed, const std::optional<MakeParts>& make_parts)
    : implementation_(std::make_unique<Implementation>(plan, schedule, log, seed, make_parts)) {}

SimulatedRun::~SimulatedRun() = default;

void SimulatedRun::conduct() {
  implementation_->conduct();
}

bool SimulatedRun::node_is_ending(const std::string& how) {
  return implementation_->node_is_ending(how);
}

std::chrono::nanoseconds SimulatedRun::time() const {
  return implementation_->time();
}

}  // namespace sunder::harness::simulation
