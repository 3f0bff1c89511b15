#include "node/server.h"

#include <csignal>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <nlohmann/json.hpp>

#include "node/api/address.h"
#include "node/disk/disk_log.h"
#include "node/disk/stored_log.h"
#include "node/log_line.h"
#include "node/net/client_port.h"
#include "node/net/message_codec.h"
#include "node/net/peer_link.h"
#include "node/net/peer_port.h"
#include "node/node_clock.h"
#include "node/replica.h"
#include "node/trace_writer.h"

namespace sunder {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

ReplicaOptions replica_options(const ServerOptions& options) {
  ReplicaOptions result;
  result.raft.id = options.id;
  result.raft.initial.voters = options.voters;
  result.raft.election_timeout = options.election_timeout;
  result.raft.seed = options.seed;
  result.raft.snapshot_piece_bytes = options.piece_bytes;
  result.raft.pre_vote = options.pre_vote;
  result.raft.check_quorum = options.check_quorum;
  result.raft.lease = options.lease;
  result.raft.max_append_bytes = options.append_bytes;
  result.snapshot_every = options.snapshot_every;
  result.client_addresses = options.client_addresses;
  return result;
}

class Server : private Network {
 public:
  Server(const ServerOptions& options, const MakeParts& make_parts)
      : id_(options.id),
        client_address_(to_text(options.client_address)),
        trace_(options.trace_descriptor, options.id, options.epoch),
        parts_(make_parts(trace_)),
        election_timeout_(options.election_timeout),
        clock_(options.clock, std::chrono::steady_clock::now()),
        signals_(io_, SIGTERM, SIGINT),
        timer_(io_) {
    auto disk = std::make_unique<DiskLog>(options.data,
                                          DiskLogOptions{.segment_bytes = options.segment_bytes,
                                                         .is_synced = options.is_synced,
                                                         .rules = parts_.disk});
    if (!disk->recovery_note().empty()) log_line("{}: {}", name_of(id_), disk->recovery_note());
    const auto restored = disk->take_restored();
    storage_ = parts_.storage(std::move(disk), id_);
    clients_ = std::make_unique<ClientPort>(
        io_, options.client_address,
        [this](Clients::Connection connection, const client_protocol::Request& request) {
          replica_->submit(now(), connection, request);
          perform_soon();
        },
        [this](Clients::Connection connection, const admin_protocol::Request& request) {
          administer(connection, request);
        });
    peers_ = std::make_unique<PeerPort>(io_, options.peer_address, id_,
                                        [this](const raft::Message& message) {
                                          replica_->receive(now(), message);
                                          perform_soon();
                                        });
    for (const auto& [peer, address] : options.peers) {
      links_.emplace(peer, std::make_unique<PeerLink>(io_, id_, peer, address));
    }
    proposals_ = parts_.proposals(*clients_);
    state_machine_ = parts_.state_machine();
    replica_ = std::make_unique<Replica>(
        replica_options(options), parts_.rules, restored,
        Replica::Ground{*storage_, *this, *clients_, *proposals_, *state_machine_, trace_}, now());
    record_election_timeout(options.clock);
  }

  void run() {
    signals_.async_wait([this](const error_code&, int) { io_.stop(); });
    replica_->perform();
    arm_timer();
    log_line("{}: ready, clients on {}", name_of(id_), client_address_);
    io_.run();
    trace_.flush();
  }

 private:
  void send(const raft::Message& message) override {
    const auto link = links_.find(message.to);
    if (link != links_.end()) link->second->send(encode_message(message));
  }

  raft::Time now() const { return clock_.reading(std::chrono::steady_clock::now()); }

  void administer(Clients::Connection connection, const admin_protocol::Request& request) {
    if (request.action == admin_protocol::Action::clock) return set_clock(connection, request);
    replica_->administer(connection, request);
    perform_soon();
  }

  void set_clock(Clients::Connection connection, const admin_protocol::Request& request) {
    const auto machine_now = std::chrono::steady_clock::now();
    clock_.set(request.clock, machine_now);
    record_election_timeout(request.clock);
    armed_for_.reset();
    arm_timer();
    const auto ahead = std::chrono::round<std::chrono::microseconds>(clock_.ahead(machine_now));
    client_protocol::Reply reply;
    reply.request = request.request;
    reply.status = client_protocol::Status::ok;
    reply.value =
        nlohmann::ordered_json{{"rate", clock_.rate()}, {"ahead_us", ahead.count()}}.dump();
    clients_->answer(connection, reply);
  }

  void record_election_timeout(const admin_protocol::ClockSetting& setting) {
    const bool is_machine_time = setting == admin_protocol::ClockSetting();
    trace_.record(is_machine_time ? trace::ElectionTimeout{election_timeout_}
                                  : trace::ElectionTimeout{});
  }

  /// Runs after all handlers that are ready now, so that one sync serves all of them.
  void perform_soon() {
    if (is_perform_posted_) return;
    is_perform_posted_ = true;
    asio::post(io_, [this] {
      is_perform_posted_ = false;
      replica_->perform();
      arm_timer();
    });
  }

  /// A deadline that moved later needs no new timer: the old one fires early and is set again.
  void arm_timer() {
    const auto deadline = replica_->next_deadline();
    if (armed_for_ && *armed_for_ <= deadline) return;
    armed_for_ = deadline;
    timer_.expires_at(clock_.when(deadline));
    timer_.async_wait([this](const error_code& error) {
      if (error) return;
      armed_for_.reset();
      // Messages that wait in the sockets are handled first. After a pause of the process one of
      // them may be a heartbeat, and without it this node would start a needless election.
      asio::post(io_, [this] {
        replica_->tick(now());
        perform_soon();
        arm_timer();
      });
    });
  }

  NodeId id_;
  std::string client_address_;
  asio::io_context io_{1};
  TraceWriter trace_;
  Parts parts_;
  std::chrono::nanoseconds election_timeout_;
  NodeClock clock_;
  asio::signal_set signals_;
  asio::steady_timer timer_;
  std::optional<raft::Time> armed_for_;
  bool is_perform_posted_ = false;
  std::unique_ptr<Storage> storage_;
  std::unique_ptr<ClientPort> clients_;
  std::unique_ptr<PeerPort> peers_;
  std::map<NodeId, std::unique_ptr<PeerLink>> links_;
  std::unique_ptr<Proposals> proposals_;
  std::unique_ptr<StateMachine> state_machine_;
  std::unique_ptr<Replica> replica_;
};

}  // namespace

void describe_disk(const ServerOptions& options) {
  TraceWriter trace(options.trace_descriptor, options.id, options.epoch);
  try {
    const auto stored = read_stored_log(options.data).restored;
    const auto edge = stored.snapshot ? stored.snapshot->last : raft::LogPosition{};
    trace.record(stored.hard_state.term,
                 trace::OnDisk{stored.hard_state.voted_for, edge.index, edge.term,
                               raft::digests_of(stored.entries)});
  } catch (const std::runtime_error& error) {
    trace.record(Term{0}, trace::DiskDamaged{error.what()});
  }
  trace.flush();
}

void run_server(const ServerOptions& options, const MakeParts& make_parts) {
  std::signal(SIGPIPE, SIG_IGN);
  Server(options, make_parts).run();
}

}  // namespace sunder
