#include "node/disk/snapshot_file.h"

#include <stdexcept>
#include <utility>

#include "node/api/bytes.h"
#include "node/api/crc32c.h"

namespace sunder {
namespace {

constexpr std::string_view magic = "SNDRSNP1";

}  // namespace

std::string encode(const raft::Snapshot& snapshot) {
  std::string content;
  ByteWriter body(content);
  body.number(snapshot.last.term.value);
  body.number(snapshot.last.index.value);
  body.number(snapshot.configuration_index.value);
  body.text(raft::encode(snapshot.configuration));
  body.raw(snapshot.data);

  std::string bytes(magic);
  ByteWriter out(bytes);
  out.number(crc32c({content}));
  out.raw(content);
  return bytes;
}

raft::SnapshotPtr decode_snapshot(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.raw(magic.size()) != magic) throw std::runtime_error("not a snapshot");
  const auto checksum = in.number<std::uint32_t>();
  const auto content = bytes.substr(magic.size() + sizeof(checksum));
  if (crc32c({content}) != checksum) throw std::runtime_error("damaged: its checksum is wrong");
  raft::Snapshot snapshot;
  snapshot.last.term = {in.number<std::uint64_t>()};
  snapshot.last.index = {in.number<std::uint64_t>()};
  snapshot.configuration_index = {in.number<std::uint64_t>()};
  snapshot.configuration = raft::decode_configuration(in.text());
  snapshot.data = in.rest();
  return std::make_shared<const raft::Snapshot>(std::move(snapshot));
}

}  // namespace sunder
