#include "node/disk/log_format.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "node/api/bytes.h"
#include "node/api/crc32c.h"

namespace sunder::log_format {
namespace {

constexpr std::string_view segment_magic = "SNDRLOG2";
constexpr std::string_view batch_magic = "BTCH";

void append_record(std::string& payload, const Record& record) {
  ByteWriter out(payload);
  out.number(static_cast<std::uint8_t>(record.type));
  out.number(record.term.value);
  out.number(record.index.value);
  out.text(record.data);
}

RecordType type_of(raft::EntryType type) {
  switch (type) {
    case raft::EntryType::noop:
      return RecordType::noop;
    case raft::EntryType::command:
      return RecordType::command;
    case raft::EntryType::configuration:
      return RecordType::configuration;
  }
  throw std::logic_error("an entry of no type");
}

/// The batch at the start of `bytes`; absent if there is no complete, undamaged one.
std::optional<Batch> batch_at(std::string_view bytes) {
  if (bytes.size() < batch_header_bytes || !bytes.starts_with(batch_magic)) return std::nullopt;
  ByteReader in(bytes.substr(batch_magic.size()));
  const auto size = in.number<std::uint32_t>();
  const auto number = in.number<std::uint64_t>();
  const auto synced = in.number<std::uint64_t>();
  const auto checksum = in.number<std::uint32_t>();
  if (size > bytes.size() - batch_header_bytes) return std::nullopt;
  const auto payload = bytes.substr(batch_header_bytes, size);
  if (crc32c({bytes.substr(batch_magic.size(), 20), payload}) != checksum) return std::nullopt;
  return Batch{number, synced, payload};
}

/// Whether a batch or mark in these bytes says that a sync covered more than the batches up to
/// this.
bool names_synced_after(std::uint64_t number, std::string_view bytes) {
  for (auto at = bytes.find(batch_magic); at != std::string_view::npos;
       at = bytes.find(batch_magic, at + 1)) {
    const auto batch = batch_at(bytes.substr(at));
    if (batch && batch->number > number && batch->synced > number) return true;
  }
  return false;
}

}  // namespace

std::string segment_header(std::uint64_t sequence) {
  std::string header(segment_magic);
  ByteWriter out(header);
  out.number(sequence);
  out.number(crc32c({header}));
  header.resize(segment_header_bytes, '\0');
  return header;
}

std::optional<std::uint64_t> sequence_of(std::string_view segment) {
  if (segment.size() < segment_header_bytes) return std::nullopt;
  ByteReader in(segment.substr(segment_magic.size()));
  const auto sequence = in.number<std::uint64_t>();
  if (!segment.starts_with(segment_header(sequence))) return std::nullopt;
  return sequence;
}

void append_record(std::string& payload, const raft::HardState& hard_state) {
  const auto vote = hard_state.voted_for.value_or(NodeId{0}).value;
  append_record(
      payload,
      Record{RecordType::hard_state, hard_state.term, Index{static_cast<std::uint64_t>(vote)}, {}});
}

void append_record(std::string& payload, const raft::Entry& entry) {
  append_record(payload,
                Record{type_of(entry.type), entry.position.term, entry.position.index, entry.data});
}

void append_edge_record(std::string& payload, raft::LogPosition edge) {
  append_record(payload, Record{RecordType::edge, edge.term, edge.index, {}});
}

std::string make_batch(std::uint64_t number, std::uint64_t synced, std::string_view payload) {
  std::string counted;
  ByteWriter counts(counted);
  counts.number(static_cast<std::uint32_t>(payload.size()));
  counts.number(number);
  counts.number(synced);

  std::string batch;
  batch.reserve(batch_header_bytes + payload.size());
  ByteWriter out(batch);
  out.raw(batch_magic);
  out.raw(counted);
  out.number(crc32c({counted, payload}));
  out.raw(payload);
  return batch;
}

std::string make_mark(std::uint64_t synced) {
  return make_batch(synced + 1, synced, {});
}

std::vector<Record> records_of(std::string_view payload) {
  std::vector<Record> records;
  ByteReader in(payload);
  while (!in.at_end()) {
    const auto type = in.number<std::uint8_t>();
    if (type < 1 || type > 5) throw std::runtime_error(fmt::format("a record of type {}", type));
    const Term term{in.number<std::uint64_t>()};
    const Index index{in.number<std::uint64_t>()};
    records.push_back({static_cast<RecordType>(type), term, index, in.text()});
  }
  return records;
}

Scan scan(std::string_view segment) {
  Scan result;
  result.end = segment_header_bytes;
  auto rest = segment.substr(result.end);
  while (const auto batch = batch_at(rest)) {
    const bool follows =
        result.batches.empty() || batch->number == result.batches.back().number + 1;
    if (!follows) break;
    result.synced = std::max(result.synced, batch->synced);
    rest.remove_prefix(batch_header_bytes + batch->payload.size());
    if (batch->payload.empty()) break;
    result.batches.push_back(*batch);
    result.end = segment.size() - rest.size();
  }
  result.is_torn = std::any_of(rest.begin(), rest.end(), [](char c) { return c != '\0'; });
  const auto last = result.batches.empty() ? 0 : result.batches.back().number;
  result.is_corrupt = result.is_torn && names_synced_after(last, rest);
  return result;
}

}  // namespace sunder::log_format
