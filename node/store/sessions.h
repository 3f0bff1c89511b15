#pragma once
// The last reply to each client, so that a retried command gets the same reply and is not applied
// again (§8, thesis 6.3). Part of the replicated state and of snapshots: a table in the leader's
// memory would be lost with the leader, and a retry at the next one would be applied twice.
// Surprise: if there are too many clients, the lowest ids are removed, and ids up to the highest
// removed one are refused from then on. New clients must take rising ids.

#include <cstdint>
#include <map>
#include <optional>

#include "node/api/bytes.h"
#include "node/api/client_protocol.h"
#include "node/api/trace.h"

namespace sunder {

class Sessions {
 public:
  explicit Sessions(std::size_t max_clients = 16'384) : max_clients_(max_clients) {}

  /// The reply to this command, if it was the client's last.
  const client_protocol::Reply* find(std::uint64_t client, std::uint64_t request) const;
  /// Whether it is unknown if this command was applied: the client was removed, or has sent later
  /// commands since.
  bool is_expired(std::uint64_t client, std::uint64_t request) const;
  void remember(std::uint64_t client, const client_protocol::Reply& reply);

  /// Of everything that save() writes. Kept up to date with each change.
  trace::Digest digest() const;

  void save(ByteWriter& out) const;
  /// Replaces all sessions.
  void load(ByteReader& in);

 private:
  void replace(std::uint64_t client, client_protocol::Reply reply);

  std::size_t max_clients_;
  struct Last {
    client_protocol::Reply reply;
    trace::Digest digest = 0;
  };
  std::map<std::uint64_t, Last> last_;
  /// The sum of the digests of all sessions.
  trace::Digest digest_ = 0;
  /// Clients up to this one were removed.
  std::optional<std::uint64_t> forgotten_;
};

}  // namespace sunder
