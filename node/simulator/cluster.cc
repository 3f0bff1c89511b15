#include "node/simulator/cluster.h"

#include <fmt/format.h>

#include "node/check.h"
#include "node/node_clock.h"

namespace sunder::simulator {
namespace {

using namespace std::chrono_literals;

NodeClock::MachineTime machine_time(raft::Time time) {
  return NodeClock::MachineTime(time);
}

struct PowerLost {};
struct Killed {};

std::string address_of(NodeId node) {
  return fmt::format("{}", node.value);
}

}  // namespace

struct Cluster::Node {
  explicit Node(std::function<void()> before_sync) : disk(std::move(before_sync)) {}

  MemoryDisk disk;
  std::unique_ptr<Life> life;
  /// Counts lives, so that what was meant for an earlier one is not given to a later one.
  std::uint64_t lives = 0;
  bool is_paused = false;
  std::deque<std::function<void(Replica&)>> inputs;
  bool is_perform_due = false;
  std::optional<raft::Time> armed_for;
  /// Syncs and sends until the power goes.
  std::optional<std::uint64_t> steps_left;
  /// Then its machine stays up.
  bool only_its_process_dies = false;
  bool is_doomed = false;
  bool is_newcomer = false;
  admin_protocol::ClockSetting clock_setting;
  NodeClock clock{{}, {}};

  void step_towards_crash() {
    if (is_doomed) throw Killed{};
    if (!steps_left) return;
    if (*steps_left == 0) throw PowerLost{};
    --*steps_left;
  }
};

/// One incarnation of a node, from start to crash.
class Cluster::Life : private Network, private Clients, private TraceSink {
 public:
  Life(Cluster& cluster, NodeId id, ReplicaOptions options) : cluster_(cluster), id_(id) {
    auto& node = cluster.at(id);
    parts_ = cluster.make_parts_(*this);
    storage_ = parts_.storage(std::make_unique<BorrowedDisk>(node.disk), id);
    proposals_ = parts_.proposals(*this);
    state_machine_ = parts_.state_machine();
    tell_clock(node.clock_setting);
    options.raft.id = id;
    for (const auto each : cluster.nodes_) options.client_addresses[each] = address_of(each);
    replica_ = std::make_unique<Replica>(
        options, parts_.rules, node.disk.contents(),
        Replica::Ground{*storage_, *this, *this, *proposals_, *state_machine_, *this},
        cluster.time_at(id));
  }

  Replica& replica() { return *replica_; }

  /// As a real node does.
  void tell_clock(const admin_protocol::ClockSetting& setting) {
    const bool is_machine_time = setting == admin_protocol::ClockSetting();
    record(is_machine_time ? trace::ElectionTimeout{cluster_.options_.raft.election_timeout}
                           : trace::ElectionTimeout{});
  }

 private:
  void send(const raft::Message& message) override {
    cluster_.at(id_).step_towards_crash();
    cluster_.on_send(message);
  }
  void answer(Connection connection, const client_protocol::Reply& reply) override {
    cluster_.events_.after(
        1ms, [&cluster = cluster_, connection, reply] { cluster.on_answer_(connection, reply); });
  }
  void write(Term term, const trace::Event& event) override { cluster_.on_event(id_, term, event); }
  void flush() override {}

  Cluster& cluster_;
  NodeId id_;
  Parts parts_;
  std::unique_ptr<Storage> storage_;
  std::unique_ptr<Proposals> proposals_;
  std::unique_ptr<StateMachine> state_machine_;
  std::unique_ptr<Replica> replica_;
};

Cluster::Cluster(EventQueue& events, Dice& dice, const ReplicaOptions& options, int nodes,
                 MakeParts make_parts, OnAnswer on_answer)
    : events_(events),
      dice_(dice),
      options_(options),
      make_parts_(std::move(make_parts)),
      on_answer_(std::move(on_answer)) {
  for (int number = 1; number <= nodes; ++number) {
    const NodeId node{number};
    nodes_.push_back(node);
    state_[node] = std::make_unique<Node>([this, node] { at(node).step_towards_crash(); });
  }
  auto& voters = options_.raft.initial.voters;
  if (voters.empty()) voters.insert(nodes_.begin(), nodes_.end());
}

Cluster::~Cluster() = default;

Cluster::Node& Cluster::at(NodeId node) {
  return *state_.at(node);
}

bool Cluster::is_up(NodeId node) const {
  return state_.at(node)->life != nullptr;
}

bool Cluster::is_paused(NodeId node) const {
  return state_.at(node)->is_paused;
}

const Replica& Cluster::replica(NodeId node) const {
  return state_.at(node)->life->replica();
}

/// The one of the latest term.
std::optional<NodeId> Cluster::leader() const {
  std::optional<NodeId> latest;
  for (const auto node : nodes_) {
    if (!is_up(node) || replica(node).raft().role() != raft::Role::leader) continue;
    const auto term = replica(node).raft().term();
    if (!latest || term > replica(*latest).raft().term()) latest = node;
  }
  return latest;
}

void Cluster::start(NodeId id) {
  auto& node = at(id);
  CHECK(!node.life);
  ++node.lives;
  node.is_paused = false;
  node.clock.set(node.clock_setting, machine_time(events_.now()));
  auto options = options_;
  options.raft.seed = dice_.below(UINT64_MAX);
  if (node.is_newcomer) options.raft.initial.voters.erase(id);
  node.life = std::make_unique<Life>(*this, id, options);
  give(id, [](Replica&) {});
}

void Cluster::crash(NodeId id) {
  end(id);
  at(id).disk.lose_power();
}

void Cluster::kill(NodeId id) {
  if (at_work_ == id) {
    at(id).is_doomed = true;
    return;
  }
  end(id);
  at(id).disk.end_process();
}

void Cluster::kill_in_a_step(NodeId node) {
  crash_in_a_step(node);
  at(node).only_its_process_dies = true;
}

void Cluster::end(NodeId id) {
  auto& node = at(id);
  node.life.reset();
  node.inputs.clear();
  node.is_perform_due = false;
  node.armed_for.reset();
  node.steps_left.reset();
  node.only_its_process_dies = false;
  node.is_doomed = false;
  on_end(id);
}

MemoryDisk& Cluster::disk(NodeId id) {
  return at(id).disk;
}

void Cluster::replace_disk(NodeId id) {
  at(id).disk.format();
  at(id).is_newcomer = true;
}

void Cluster::crash_in_a_step(NodeId node) {
  at(node).steps_left = dice_.below(12);
}

void Cluster::set_clock(NodeId id, const admin_protocol::ClockSetting& setting) {
  auto& node = at(id);
  node.clock_setting = setting;
  node.clock.set(setting, machine_time(events_.now()));
  // Its deadline comes at another moment now.
  node.armed_for.reset();
  if (!is_up(id)) return;
  node.life->tell_clock(setting);
  give(id, [](Replica&) {});
}

raft::Time Cluster::time_at(NodeId node) {
  return at(node).clock.reading(machine_time(events_.now()));
}

void Cluster::pause(NodeId node) {
  at(node).is_paused = true;
}

void Cluster::resume(NodeId node) {
  at(node).is_paused = false;
  if (is_up(node)) give(node, [](Replica&) {});
}

/// Inputs wait for the next perform, as they wait in a real node's sockets.
void Cluster::give(NodeId id, std::function<void(Replica&)> input) {
  auto& node = at(id);
  node.inputs.push_back(std::move(input));
  if (node.is_paused || node.is_perform_due) return;
  node.is_perform_due = true;
  events_.after(dice_.between(0us, 300us), [this, id, life = node.lives] {
    if (at(id).life && at(id).lives == life) perform(id);
  });
}

void Cluster::perform(NodeId id) {
  auto& node = at(id);
  node.is_perform_due = false;
  if (node.is_paused) return;
  at_work_ = id;
  bool is_lost = false;
  try {
    while (!node.inputs.empty()) {
      const auto input = std::move(node.inputs.front());
      node.inputs.pop_front();
      input(node.life->replica());
    }
    node.life->replica().perform();
    arm_timer(id);
  } catch (const PowerLost&) {
    is_lost = !node.only_its_process_dies;
    node.is_doomed = node.only_its_process_dies;
  } catch (const Killed&) {
  }
  at_work_.reset();
  if (is_lost) return crash(id);
  if (node.is_doomed) kill(id);
}

void Cluster::arm_timer(NodeId id) {
  auto& node = at(id);
  const auto deadline = node.life->replica().next_deadline();
  if (node.armed_for && *node.armed_for <= deadline) return;
  node.armed_for = deadline;
  const auto due = node.clock.when(deadline).time_since_epoch();
  events_.after(std::max(due - events_.now(), raft::Time(0)),
                [this, id, life = node.lives, deadline] {
                  auto& late = at(id);
                  if (!late.life || late.lives != life || late.armed_for != deadline) return;
                  late.armed_for.reset();
                  give(id, [this, id](Replica& replica) { replica.tick(time_at(id)); });
                });
}

void Cluster::deliver(const raft::Message& message) {
  if (!is_up(message.to)) return;
  give(message.to,
       [this, message](Replica& replica) { replica.receive(time_at(message.to), message); });
}

void Cluster::submit(NodeId node, Clients::Connection connection,
                     const client_protocol::Request& request) {
  events_.after(dice_.between(100us, 900us), [this, node, connection, request] {
    if (!is_up(node)) return;
    give(node, [this, node, connection, request](Replica& replica) {
      replica.submit(time_at(node), connection, request);
    });
  });
}

void Cluster::administer(NodeId node, const admin_protocol::Request& request,
                         Clients::Connection connection) {
  if (!is_up(node)) return;
  give(node, [request, connection](Replica& replica) { replica.administer(connection, request); });
}

}  // namespace sunder::simulator
