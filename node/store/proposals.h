#pragma once
// The clients that wait for log entries. A command is answered when its entry was applied, with the
// state machine's reply: an answer at the append or at the sync could acknowledge an entry that is
// never committed (§5.3). If leadership is lost first, the answer is `unknown`.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "node/api/client_protocol.h"
#include "node/api/types.h"

namespace sunder {

/// Sends replies to clients. A reply to a closed connection is dropped.
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

  /// The command is in the log at `index` and not committed yet.
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
