#pragma once
// What a key holds: a value of one type, and what each operation does to it. Pure: judge() decides,
// change() does, and neither knows the key, the log or the other keys. Copies are cheap, however
// much the object holds.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "node/api/bytes.h"
#include "node/api/client_protocol.h"
#include "node/api/trace.h"
#include "node/store/element_set.h"
#include "node/store/sequence.h"
#include "node/store/text.h"

namespace sunder {

struct List {
  Sequence elements;
};
struct Counter {
  std::int64_t total = 0;
};
struct Queue {
  Sequence elements;
};
struct Lock {
  /// Of the last acquire; 0 before the first. Grows with each.
  std::int64_t token = 0;
  std::optional<std::string> owner;
};

/// The place of a type is its number in snapshots.
using Object = std::variant<Text, List, ElementSet, Counter, Queue, Lock>;

/// "text", "list", "set", "counter", "queue", "lock"
std::string_view type_of(const Object& object);
/// As a read answers it.
client_protocol::Value shown(const Object& object);
/// Of the value without its type: equal values have equal digests, whatever happened to them
/// before.
trace::Digest digest_of(const Object& object);

void save(const Object& object, ByteWriter& out);
/// Throws std::runtime_error if the bytes are no object.
Object load_object(ByteReader& in);

/// What an operation meets.
struct Judgement {
  client_protocol::Status status = client_protocol::Status::ok;
  client_protocol::Value value = {};
  /// For people, with wrong_type and out_of_range.
  std::string message = {};
  /// Whether change() is to follow.
  bool changes = false;
};

/// `present` is null if the key is absent. The operation is neither `generate` nor `txn`.
Judgement judge(const Object* present, const client_protocol::Request& operation);
/// What a changing operation finds at an absent key.
Object empty_object_for(client_protocol::Operation operation);
/// The operation was judged ok.
void change(Object& object, const client_protocol::Request& operation);

}  // namespace sunder
