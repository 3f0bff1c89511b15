#pragma once
// Who waits for which log entry. A command is answered when its entry has been applied, with what
// the state machine said; when leadership is lost first, nobody can tell, and the answer says so.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "node/api/client_protocol.h"
#include "node/api/types.h"

namespace sunder {

/// The client's end of a node. Answering a connection that is gone does nothing.
class Clients {
 public:
  using Connection = std::uint64_t;

  Clients() = default;
  virtual ~Clients() = default;
  Clients(const Clients&) = delete;
  Clients& operator=(const Clients&) = delete;

  virtual void answer(Connection connection, const client_protocol::Reply& reply) = 0;
};

class Proposals {
 public:
  explicit Proposals(Clients& clients) : clients_(clients) {}
  virtual ~Proposals() = default;
  Proposals(const Proposals&) = delete;
  Proposals& operator=(const Proposals&) = delete;

  /// The command stands in the log at `index` and waits for its commitment.
  virtual void proposed(Index index, Clients::Connection connection,
                        const client_protocol::Request& request);
  virtual void applied(Index index, const client_protocol::Reply& reply);
  virtual void leadership_lost(const std::optional<std::string>& leader_address);

 protected:
  Clients& clients() { return clients_; }

 private:
  struct Waiting {
    Clients::Connection connection;
    std::uint64_t request;
  };

  Clients& clients_;
  std::map<Index, Waiting> waiting_;
};

}  // namespace sunder
