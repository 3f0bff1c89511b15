#pragma once
// The bytes of a log segment: a header, batches, a mark, zeros. A batch has one checksum.
//
//   header  "SNDRLOG2", u64 sequence, u32 crc of both, 12 bytes of zero
//   batch   u32 magic, u32 payload size, u64 number, u64 synced, u32 crc of all but the magic;
//   payload mark    a batch without payload; the next batch takes its place and its number record
//   u8 type, u64 term, u64 index, u32 size, data
//
// Batches are numbered across segments. `synced` is the last batch that a sync had covered. A
// damaged batch that a later one names as synced is corruption; any other is a torn tail, never
// acknowledged.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/raft/types.h"

namespace sunder::log_format {

constexpr std::size_t segment_header_bytes = 32;
constexpr std::size_t batch_header_bytes = 28;

enum class RecordType : std::uint8_t {
  hard_state = 1,  ///< `index` is the vote, 0 for none.
  noop = 2,
  command = 3,
  configuration = 4,
  edge = 5,  ///< The log continues right after this position.
};

struct Record {
  RecordType type;
  Term term;
  Index index;
  std::string_view data;
};

std::string segment_header(std::uint64_t sequence);
/// Absent if the bytes do not start with a complete header.
std::optional<std::uint64_t> sequence_of(std::string_view segment);

void append_record(std::string& payload, const raft::HardState& hard_state);
void append_record(std::string& payload, const raft::Entry& entry);
void append_edge_record(std::string& payload, raft::LogPosition edge);

std::string make_batch(std::uint64_t number, std::uint64_t synced, std::string_view payload);
/// Stands behind the last batch when a sync has covered it.
std::string make_mark(std::uint64_t synced);

struct Batch {
  std::uint64_t number;
  std::uint64_t synced;
  std::string_view payload;
};
/// Throws std::runtime_error if the payload, whose checksum was correct, is not a list of records.
std::vector<Record> records_of(std::string_view payload);

struct Scan {
  std::vector<Batch> batches;
  /// The offset at which the valid batches end.
  std::size_t end = 0;
  /// The last batch that a sync surely covered.
  std::uint64_t synced = 0;
  /// There are bytes other than zero after the end and the mark.
  bool is_torn = false;
  /// A sync covered what is damaged after the end.
  bool is_corrupt = false;
};
/// Takes a whole segment with a valid header. The views point into `segment`.
Scan scan(std::string_view segment);

}  // namespace sunder::log_format
