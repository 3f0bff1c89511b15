#pragma once
// A call as a transaction of OVSDB on the tables of the database "KV": "kv" (key, text; the lists
// of transactions too, each in one text), "counters" (key, number), "sets" (key, texts). Surprise:
// a transaction that changes nothing is answered by one server without being replicated. So each
// that asks or may change nothing also changes the table "tick".

#include <optional>

#include <nlohmann/json.hpp>

#include "workloads/generator.h"

namespace sunder::harness::ovsdb {

enum class Reads {
  consistent,  ///< In one transaction with a change of the table "tick", so that it is replicated.
  local,       ///< From what the server asked has, which may be old.
};

/// The schema that every node's database has.
extern const char* const schema;

workloads::Operations operations();

/// The parameters of "transact". Throws std::logic_error for a call of other operations.
nlohmann::json transaction(const workloads::Call& call, Reads reads);

/// For a call that found no row to change: a transaction that makes the row and does what the call
/// asks for; it fails if the row is there. Nothing for calls that need no row.
std::optional<nlohmann::json> creation(const workloads::Call& call);

/// Whether these results say that there was no row to change.
bool lacks_row(const workloads::Call& call, const nlohmann::json& results);

/// Whether it takes a look at its lists before it changes them: a transaction cannot append to what
/// it selects.
bool looks_first(const workloads::Call& call);
/// Reads the lists of a guarded call.
workloads::Call look_of(const workloads::Call& call);
/// What follows from the lists as they were, and fails unless they still are so.
struct GuardedWrite {
  nlohmann::json operations;
  /// The value of an ok answer.
  history::Value answer;
};
/// `seen` is the value of the look's completion.
GuardedWrite guarded(const workloads::Call& call, const history::List& seen);

/// The value of an ok completion; of a guarded call, the argument. Throws nlohmann::json::exception
/// if these are no such results.
history::Value value_of(const workloads::Call& call, const nlohmann::json& results);

}  // namespace sunder::harness::ovsdb
