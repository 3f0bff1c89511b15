#pragma once
// The fields of payloads that a proxy reads too. Little endian:
//
//   every payload   u64 sender's term, then by type:
//   append_entries  u64 previous term | u64 previous index | u64 commit index | u64 round |
//                   u32 count, then count times: u64 term | u8 type | u32 size | data
//   append_reply    u8 accepted | u64 index | ...
//
// All other fields belong to node/net/message_codec.cc. Reading throws std::runtime_error if bytes
// are missing or a value is impossible.

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "node/api/bytes.h"
#include "node/api/types.h"

namespace sunder {

/// An append_entries message up to its entries.
struct AppendFields {
  Term previous_term;
  Index previous_index;
  Index commit_index;
  std::uint64_t round = 0;
  std::uint32_t entries = 0;
};

/// One entry of an append_entries message. Its index follows from `previous_index`.
struct EntryFields {
  Term term;
  std::uint8_t type = 0;
  /// Refers to the payload.
  std::string_view data;
  bool operator==(const EntryFields&) const = default;
};

/// The beginning of an append_reply message.
struct AppendReplyFields {
  bool accepted = false;
  Index index;
};

inline void write_flag(ByteWriter& out, bool value) {
  out.number(static_cast<std::uint8_t>(value));
}
inline bool read_flag(ByteReader& in) {
  const auto byte = in.number<std::uint8_t>();
  if (byte > 1) throw std::runtime_error("a yes or no of " + std::to_string(byte));
  return byte == 1;
}

inline void write_term(ByteWriter& out, Term term) {
  out.number(term.value);
}
inline Term read_term(ByteReader& in) {
  return {in.number<std::uint64_t>()};
}

inline void write_index(ByteWriter& out, Index index) {
  out.number(index.value);
}
inline Index read_index(ByteReader& in) {
  return {in.number<std::uint64_t>()};
}

inline void write_append(ByteWriter& out, const AppendFields& fields) {
  write_term(out, fields.previous_term);
  write_index(out, fields.previous_index);
  write_index(out, fields.commit_index);
  out.number(fields.round);
  out.number(fields.entries);
}
inline AppendFields read_append(ByteReader& in) {
  AppendFields fields;
  fields.previous_term = read_term(in);
  fields.previous_index = read_index(in);
  fields.commit_index = read_index(in);
  fields.round = in.number<std::uint64_t>();
  fields.entries = in.number<std::uint32_t>();
  return fields;
}

inline void write_entry(ByteWriter& out, const EntryFields& fields) {
  write_term(out, fields.term);
  out.number(fields.type);
  out.text(fields.data);
}
inline EntryFields read_entry(ByteReader& in) {
  EntryFields fields;
  fields.term = read_term(in);
  fields.type = in.number<std::uint8_t>();
  fields.data = in.text();
  return fields;
}

inline void write_append_reply(ByteWriter& out, const AppendReplyFields& fields) {
  write_flag(out, fields.accepted);
  write_index(out, fields.index);
}
inline AppendReplyFields read_append_reply(ByteReader& in) {
  AppendReplyFields fields;
  fields.accepted = read_flag(in);
  fields.index = read_index(in);
  return fields;
}

}  // namespace sunder
