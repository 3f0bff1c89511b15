#pragma once
// What the log's commands are applied to: the store and the sessions, which together make every
// command take effect exactly once.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/raft/types.h"
#include "node/store/kv_store.h"
#include "node/store/sessions.h"

namespace sunder {

class StateMachine {
 public:
  using Replies = std::vector<std::pair<Index, client_protocol::Reply>>;

  StateMachine() = default;
  virtual ~StateMachine() = default;
  StateMachine(const StateMachine&) = delete;
  StateMachine& operator=(const StateMachine&) = delete;

  /// What goes into the log for a request: all that it takes to decide it when it is applied.
  virtual std::string command_for(const client_protocol::Request& request);
  /// Committed entries, in the order of the log; the answers to the commands among them.
  virtual Replies apply(const std::vector<raft::EntryPtr>& entries);
  /// The data of one command entry.
  virtual client_protocol::Reply apply(std::string_view command);
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
  virtual void restore(std::string_view data);

 protected:
  KvStore& store() { return store_; }
  const KvStore& store() const { return store_; }
  /// The part of a snapshot that holds them.
  virtual std::string encoded_sessions() const;

 private:
  KvStore store_;
  Sessions sessions_;
};

}  // namespace sunder
