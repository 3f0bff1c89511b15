#pragma once
// Keys and values. Deterministic: the same commands in the same order give the same replies and the
// same bytes on every node.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "node/api/client_protocol.h"
#include "node/bytes.h"

namespace sunder {

class KvStore {
 public:
  std::optional<std::string> read(const std::string& key) const;
  /// A write, cas or append.
  client_protocol::Reply apply(const client_protocol::Request& command);

  void save(ByteWriter& out) const;
  /// Replaces everything.
  void load(ByteReader& in);

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace sunder
