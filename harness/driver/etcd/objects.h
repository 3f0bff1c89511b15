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

#include "workloads/generator.h"

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

/// A key as it was read.
struct Found {
  /// Absent if the key was.
  std::optional<std::string> text;
  /// Of its last change; 0 if it was absent.
  std::int64_t revision = 0;
};
using Snapshot = std::map<std::string, Found>;

struct Change {
  /// What the keys are to hold.
  std::map<std::string, std::string> puts;
  /// The value of an ok answer.
  history::Value answer;
};

/// Whether it takes a look at the keys before it changes them.
bool is_guarded(const workloads::Call& call);
/// Reads all keys of a guarded call at once.
Request look_of(const workloads::Call& call, Reads reads);
/// Throws as completion_of().
Snapshot snapshot_of(const workloads::Call& call, const nlohmann::json& answer);
/// What follows from the keys as they were. A completion needs no change: the queue is empty.
std::variant<workloads::Completion, Change> change_of(const workloads::Call& call,
                                                      const Snapshot& snapshot);
/// The change, if the keys that are compared are as they were.
Request guarded(const Change& change, const Snapshot& snapshot, Compares compares);

/// An integer, which etcd's gateway writes as a text. Throws as completion_of().
std::int64_t number_of(const nlohmann::json& text);

/// The keys that begin so, as members of a request.
nlohmann::json folder_of(std::string folder);

/// Of the store when it answered. Absent in an answer from before the first change.
std::optional<std::int64_t> revision_of(const nlohmann::json& header);

}  // namespace sunder::harness::etcd
