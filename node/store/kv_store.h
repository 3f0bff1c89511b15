#pragma once
// Keys and values. Deterministic: the same commands in the same order give the same replies and the
// same bytes on every node. A snapshot is taken of it without a copy: while it is frozen, changes
// are kept apart, and thawing costs only as much as was changed meanwhile.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "node/api/client_protocol.h"
#include "node/disk/bytes.h"

namespace sunder {

class KvStore {
 public:
  std::optional<std::string> read(const std::string& key) const;
  /// A write, cas or append.
  client_protocol::Reply apply(const client_protocol::Request& command);

  using Values = std::map<std::string, std::string>;
  /// What it holds now, whatever is applied later. May be read on another thread. Not while frozen.
  std::shared_ptr<const Values> freeze();
  /// When whoever got the values has let go of them. Nothing happens if it is not frozen.
  void thaw();

  /// A copy of all.
  Values values() const;

  static void save(const Values& values, ByteWriter& out);
  /// Replaces everything; then it is not frozen.
  void load(ByteReader& in);

 private:
  const std::string* find(const std::string& key) const;
  std::string& writable(const std::string& key);

  std::shared_ptr<Values> frozen_;
  /// While frozen: what has been changed since.
  Values values_;
};

}  // namespace sunder
