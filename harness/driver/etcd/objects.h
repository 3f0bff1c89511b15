#pragma once
// How etcd keeps what the calls are about, in requests of its JSON gateway. An element of a set is
// a key of its own, and so is an account. Lists, queues, texts and counters are one key each, which
// a guarded write changes: it reads the key, and writes what follows from it if the key is as it
// was. A transaction guards all its keys. Surprise: a guarded write whose comparison failed changed
// nothing, so it is tried again.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include <nlohmann/json.hpp>

#include "harness/driver/guarded_write.h"

namespace sunder::harness::etcd {

enum class Reads {
  linearizable,
  serializable,  ///< From what the node asked has, which may be old.
};

/// Which of its keys a transaction compares with what it had read, before it writes.
enum class Compares {
  all,
  written,  ///< Snapshot isolation at best: two transactions may each write what the other read.
  none,     ///< The last one wins: updates are lost.
};

/// Where a watch begins.
enum class Watches {
  where_asked,
  now,  ///< It misses what changed since the last one ended.
};

/// How etcd is used. All but the usual ways are mistakes that sunder must find.
struct Manner {
  Reads reads = Reads::linearizable;
  Compares compares = Compares::all;
  Watches watches = Watches::where_asked;
};

workloads::Operations operations();

struct Request {
  std::string target;
  nlohmann::json body;
};

/// Of a call that one request carries out. Throws std::logic_error for other ones.
Request request_of(const workloads::Call& call, Reads reads);

/// What an answer with status 200 to request_of() means. Throws nlohmann::json::exception or
/// std::invalid_argument for what is none.
workloads::Completion completion_of(const workloads::Call& call, const nlohmann::json& answer);

/// Reads all keys of a guarded call at once.
Request look_of(const workloads::Call& call, Reads reads);
/// Throws as completion_of().
Snapshot snapshot_of(const workloads::Call& call, const nlohmann::json& answer);
/// The change, if the keys that are compared are as they were.
Request guarded(const Change& change, const Snapshot& snapshot, Compares compares);

/// An integer, which etcd's gateway writes as a text. Throws as completion_of().
std::int64_t number_of(const nlohmann::json& text);

/// The keys that begin so, as members of a request.
nlohmann::json folder_of(std::string folder);

/// Of the store when it answered. Absent in an answer from before the first change.
std::optional<std::int64_t> revision_of(const nlohmann::json& header);

}  // namespace sunder::harness::etcd
