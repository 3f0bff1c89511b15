#pragma once
// Keys and values. Deterministic: the same commands in the same order give the same replies and the
// same bytes on every node. A snapshot needs no copy: while the store is frozen, changes go to a
// second map, and thaw() costs only as much as changed meanwhile. The digest is kept up to date
// with each change; it does not depend on the order of the changes.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "node/api/bytes.h"
#include "node/api/client_protocol.h"
#include "node/api/trace.h"

namespace sunder {

class KvStore {
 public:
  std::optional<std::string> read(const std::string& key) const;
  /// A write, cas or append.
  client_protocol::Reply apply(const client_protocol::Request& command);

  using Values = std::map<std::string, std::string>;
  /// The present values; commands applied later do not change them. Another thread may read them.
  /// Must not be called while frozen.
  std::shared_ptr<const Values> freeze();
  /// Call it after the values of freeze() were released. Does nothing if the store is not frozen.
  void thaw();

  /// The sum of the digests of all pairs of a key and its value.
  trace::Digest digest() const { return digest_; }

  /// A copy of all values.
  Values values() const;

  static void save(const Values& values, ByteWriter& out);
  /// Replaces all values. The store is not frozen afterwards.
  void load(ByteReader& in);

 private:
  const std::string* find(const std::string& key) const;
  std::string& writable(const std::string& key);
  void write(const std::string& key, const std::string& value);
  void append(const std::string& key, const std::string& text);

  std::shared_ptr<Values> frozen_;
  /// While frozen: the values that changed since.
  Values values_;
  trace::Digest digest_ = 0;
};

}  // namespace sunder
