#pragma once
// Applies the commands of the log to the store and the sessions, which together make every command
// take effect exactly once. Deterministic: every decision, such as the outcome of a cas, is made
// here when the entry is applied, never when it is proposed.

#include <functional>
#include <optional>
#include <span>
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

  /// The log entry's data for a request: everything that its application needs.
  virtual std::string command_for(const client_protocol::Request& request);
  /// Takes committed entries in the order of the log. Returns the replies to the commands.
  virtual Replies apply(std::span<const raft::EntryPtr> entries);
  /// Takes one command entry.
  virtual client_protocol::Reply apply(const raft::Entry& entry);
  /// A read, or a txn that only reads.
  virtual client_protocol::Reply read(const client_protocol::Request& request) const;
  /// The reply to a read, if this node may give it before a quorum confirms that it leads. Never:
  /// what one node has may be old (§8).
  virtual std::optional<client_protocol::Reply> reply_alone(
      const client_protocol::Request& /*read*/) {
    return std::nullopt;
  }
  /// The reply that the command got before; null if none is known.
  virtual const client_protocol::Reply* earlier_reply(
      const client_protocol::Request& request) const {
    return sessions_.find(request.client, request.request);
  }

  /// Of the values and the sessions: equal states have equal digests.
  trace::Digest digest() const { return store_.digest() + sessions_.digest(); }

  /// Returns a function that encodes the present state; commands applied later do not change it.
  /// Another thread may call it. thaw() must follow its destruction and precede the next freeze().
  virtual std::function<std::string()> freeze();
  void thaw() { store_.thaw(); }
  /// Replaces the whole state, also a frozen one. Throws std::runtime_error if `data` is not a
  /// snapshot.
  virtual void restore(std::string_view data);

 protected:
  KvStore& store() { return store_; }
  const KvStore& store() const { return store_; }
  /// The sessions' part of a snapshot.
  virtual std::string encoded_sessions() const;

 private:
  KvStore store_;
  Sessions sessions_;
};

}  // namespace sunder
