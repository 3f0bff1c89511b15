#pragma once
// A node as a process: sockets, files, timers and signals around a Replica, on one thread. What
// arrives while the disk syncs is taken together with the next sync.

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
  /// Where to dial the others.
  std::map<NodeId, boost::asio::ip::tcp::endpoint> peers;
  /// Of a cluster that has no log yet. A node that is to join one is not among them.
  std::set<NodeId> voters;
  /// Entries between two snapshots; 0: never.
  std::uint64_t snapshot_every = 10'000;
  /// Of the log, before the next segment is begun.
  std::size_t segment_bytes = DiskLogOptions{}.segment_bytes;
  /// Of a snapshot, that are sent at once.
  std::size_t piece_bytes = raft::Options{}.snapshot_piece_bytes;
  /// Of entries in one message to a follower, which has one at least.
  std::size_t append_bytes = raft::Options{}.max_append_bytes;
  /// Where clients reach the others.
  std::map<NodeId, std::string> client_addresses;
  std::chrono::nanoseconds election_timeout = std::chrono::milliseconds(150);
  std::uint64_t seed = 0;
  int trace_descriptor = -1;
  /// Of the monotonic clock; trace times count from there.
  std::chrono::nanoseconds epoch{0};
  bool is_synced = true;
  bool pre_vote = true;
  bool check_quorum = true;
  bool lease = false;
  admin_protocol::ClockSetting clock = {};
};

/// Serves until SIGTERM or SIGINT. Throws std::runtime_error with one clear line if the machine
/// does not let it: a port in use, a folder not writable, a failed sync, a trace without reader.
void run_server(const ServerOptions& options, const MakeParts& make_parts);

/// Reads the folder and says in one line of the trace what it holds, or why it cannot be read. The
/// node must not run.
void describe_disk(const ServerOptions& options);

}  // namespace sunder
