#pragma once
// Clients that append to lists and read them, one operation at a time each, as a careful user
// would: a command that got no clear answer is asked again, at any node, under its own number.

#include <map>
#include <vector>

#include "node/simulator/append_history.h"
#include "node/simulator/cluster.h"

namespace sunder::simulator {

class ClientFleet {
 public:
  ClientFleet(EventQueue& events, Dice& dice, Cluster& cluster, int clients, raft::Time pause);

  void begin();
  /// Finishes the operations under way and begins no more.
  void stop() { is_stopping_ = true; }
  /// A read of every key that must succeed; keeps trying.
  void read_everything();
  bool is_idle() const { return under_way_ == 0; }
  void on_answer(Clients::Connection connection, const client_protocol::Reply& reply);

  const AppendHistory& history() const { return history_; }

 private:
  static constexpr int keys = 2;

  struct Client {
    std::uint64_t id = 0;
    std::uint64_t requests = 0;
    NodeId target;
    client_protocol::Request request;
    AppendHistory::Ticket ticket = 0;
    /// The present attempt; answers to others are stale unless they say how it went.
    std::uint64_t attempt = 0;
    raft::Time gives_up_at{0};
    bool may_have_happened = false;
    bool is_busy = false;
    bool never_gives_up = false;
  };
  struct Attempt {
    std::size_t client;
    std::uint64_t client_id;
    std::uint64_t request;
    std::uint64_t number;
  };

  void begin_operation(std::size_t index);
  void invoke(std::size_t index, bool is_append, int key);
  void attempt(std::size_t index);
  void retry(std::size_t index, raft::Time pause);
  void give_up(std::size_t index);
  void finish(std::size_t index);
  void complete(Client& client, const client_protocol::Reply& reply);

  EventQueue& events_;
  Dice& dice_;
  Cluster& cluster_;
  raft::Time pause_;
  AppendHistory history_;
  std::vector<Client> clients_;
  std::map<Clients::Connection, Attempt> attempts_;
  Clients::Connection next_connection_ = 1;
  std::uint64_t next_client_ = 1;
  AppendHistory::Element next_element_ = 1;
  int under_way_ = 0;
  bool is_stopping_ = false;
};

}  // namespace sunder::simulator
