#pragma once
// What each client was last told, so that a retried command is answered again and not applied again
// (thesis §6.3). Part of the replicated state: every node forgets the same clients at the same log
// position. The surprise: when there are too many, the lowest client ids go, and ids up to the
// highest forgotten one are refused from then on, so new clients should take rising ids.

#include <cstdint>
#include <map>
#include <optional>

#include "node/api/client_protocol.h"
#include "node/disk/bytes.h"

namespace sunder {

class Sessions {
 public:
  explicit Sessions(std::size_t max_clients = 16'384) : max_clients_(max_clients) {}

  /// The answer to exactly this command, if it was the client's last.
  const client_protocol::Reply* find(std::uint64_t client, std::uint64_t request) const;
  /// Whether nobody can tell any more if this command was applied: the client is forgotten, or has
  /// gone on to later commands.
  bool is_expired(std::uint64_t client, std::uint64_t request) const;
  void remember(std::uint64_t client, const client_protocol::Reply& reply);

  void save(ByteWriter& out) const;
  /// Replaces everything.
  void load(ByteReader& in);

 private:
  std::size_t max_clients_;
  std::map<std::uint64_t, client_protocol::Reply> last_reply_;
  /// Clients up to this one are forgotten.
  std::optional<std::uint64_t> forgotten_;
};

}  // namespace sunder
