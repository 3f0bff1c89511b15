#pragma once
// Keys and what they hold. Deterministic: the same commands in the same order give the same replies
// and the same bytes on every node. A snapshot needs no copy: while the store is frozen, changes go
// to a second map, and thaw() costs only as much as changed meanwhile. The digest is kept up to
// date with each change; it does not depend on the order of the changes.

#include <map>
#include <memory>
#include <string>

#include "node/api/bytes.h"
#include "node/api/client_protocol.h"
#include "node/api/trace.h"
#include "node/store/object.h"

namespace sunder {

/// What a key holds, and the index of the entry that last changed it.
struct Item {
  Object object;
  Index version;
};

class KvStore {
 public:
  /// Null if the key is absent.
  client_protocol::Value read(const std::string& key) const;
  /// A read, or a txn that only reads.
  client_protocol::Reply read(const client_protocol::Request& request) const;
  /// A command, whose entry is at that index: no other `generate` has it.
  client_protocol::Reply apply(const client_protocol::Request& command, Index at);
  /// The change of an operation that was judged ok.
  void change(const client_protocol::Request& operation, Index at);

  using Items = std::map<std::string, Item>;
  /// What there is; commands applied later do not change them. Another thread may read them.
  /// Must not be called while frozen.
  std::shared_ptr<const Items> freeze();
  /// Call it after the items of freeze() were released. Does nothing if the store is not frozen.
  void thaw();

  /// The sum of the digests of all pairs of a key and its item.
  trace::Digest digest() const { return digest_; }

  /// A copy of all.
  Items items() const;
  void put(const std::string& key, Item item);
  /// Null if the key is absent.
  const Item* find(const std::string& key) const;

  static void save(const Items& items, ByteWriter& out);
  /// Replaces all. The store is not frozen afterwards.
  void load(ByteReader& in);

 private:
  Item& writable(const client_protocol::Request& operation);

  std::shared_ptr<Items> frozen_;
  /// While frozen: those that changed since.
  Items items_;
  trace::Digest digest_ = 0;
};

}  // namespace sunder
