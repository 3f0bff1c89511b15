#pragma once
// What the log's commands are applied to: the store and the sessions, which together make every
// command take effect exactly once.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "node/kv_store.h"
#include "node/sessions.h"

namespace sunder {

class StateMachine {
 public:
  /// The data of a committed command entry, in log order.
  client_protocol::Reply apply(std::string_view command);
  client_protocol::Reply read(const client_protocol::Request& request) const;
  /// The answer a command already got.
  const client_protocol::Reply* earlier_reply(const client_protocol::Request& request) const {
    return sessions_.find(request.client, request.request);
  }

  /// Gives the bytes of the present state, whatever is applied later. May be called on another
  /// thread. One at a time: thaw() must come before the next one, and after this one is gone.
  std::function<std::string()> freeze();
  void thaw() { store_.thaw(); }
  /// Replaces everything, and needs no thaw. Throws std::runtime_error if `data` is not a snapshot.
  void restore(std::string_view data);

 private:
  KvStore store_;
  Sessions sessions_;
};

}  // namespace sunder
