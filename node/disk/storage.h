#pragma once
// The stable storage of a node. The calls before a write() or sync() form one batch, which is
// atomic: after a crash all of it is there or none. A batch survives a loss of power if sync()
// covered it, and the death of the process if write() did.

#include <functional>
#include <vector>

#include "node/raft/snapshot.h"
#include "node/raft/types.h"

namespace sunder {

using MakeSnapshot = std::function<raft::SnapshotPtr()>;

class Storage {
 public:
  Storage() = default;
  virtual ~Storage() = default;
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;

  virtual void save(const raft::HardState& hard_state) = 0;
  /// Replaces the stored log from the first entry's index on.
  virtual void append(const std::vector<raft::EntryPtr>& entries) = 0;
  /// Durable when it returns. The entries that it covers may be removed; if `keeps_log` is false,
  /// all entries are. Keep the log only if the stored entry at the snapshot's last index is the
  /// snapshot's last entry. A snapshot that is being written in the background is dropped.
  virtual void save(const raft::SnapshotPtr& snapshot, bool keeps_log) = 0;
  /// Starts to make and write a snapshot of durable entries in the background. One at a time.
  /// `make` is called once, on any thread, and destroyed before take_written() returns the
  /// snapshot.
  virtual void begin_writing(MakeSnapshot make) = 0;
  /// Null until the snapshot of begin_writing() is durable; then returns it once, and the entries
  /// that it covers may be removed. Throws if writing failed.
  virtual raft::SnapshotPtr take_written() = 0;
  /// Hands the batch to the operating system.
  virtual void write() = 0;
  /// Writes the batch and makes everything written durable. Throws if it fails. The node must then
  /// stop, because it is unknown what is durable.
  virtual void sync() = 0;
};

}  // namespace sunder
