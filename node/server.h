#pragma once
// A node as a process: sockets, files, timers and signals around a Replica, on one thread. Requests
// that arrive during a sync share the next one.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "node/api/admin_protocol.h"
#include "node/disk/disk_log.h"
#include "node/parts.h"
#include "node/raft/raft.h"

namespace sunder {

struct ServerOptions {
  NodeId id;
  std::filesystem::path data;
  boost::asio::ip::tcp::endpoint client_address;
  boost::asio::ip::tcp::endpoint peer_address;
  /// The peer addresses of the other nodes.
  std::map<NodeId, boost::asio::ip::tcp::endpoint> peers;
  /// The voters of a new cluster. A node that joins an existing cluster is not one of them.
  std::set<NodeId> voters;
  /// Entries between two snapshots; 0: never.
  std::uint64_t snapshot_every = 10'000;
  /// Size of a log segment.
  std::size_t segment_bytes = DiskLogOptions{}.segment_bytes;
  /// Bytes of a snapshot in one message.
  std::size_t piece_bytes = raft::Options{}.snapshot_piece_bytes;
  /// Bytes of entries in one message to a follower. A message has at least one entry.
  std::size_t append_bytes = raft::Options{}.max_append_bytes;
  /// The client addresses of the other nodes.
  std::map<NodeId, std::string> client_addresses;
  std::chrono::nanoseconds election_timeout = std::chrono::milliseconds(150);
  std::uint64_t seed = 0;
  int trace_descriptor = -1;
  /// The start of the run on the monotonic clock. Trace times count from it.
  std::chrono::nanoseconds epoch{0};
  bool is_synced = true;
  bool pre_vote = true;
  bool check_quorum = true;
  bool lease = false;
  admin_protocol::ClockSetting clock = {};
};

/// Serves until SIGTERM or SIGINT. Throws std::runtime_error with one line of text if a port is in
/// use, the folder is not writable, a sync fails or nothing reads the trace.
void run_server(const ServerOptions& options, const MakeParts& make_parts);

/// Reads the folder and writes one trace record of what it holds, or of why it cannot be read. The
/// node must not be running.
void describe_disk(const ServerOptions& options);

}  // namespace sunder
