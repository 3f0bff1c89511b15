#pragma once
// What a node needs of stable storage. Calls up to a write() or sync() form one batch: after a
// crash all of it is there or none. What an earlier sync() covered is always there, what an earlier
// write() covered unless the machine lost power.

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
  /// Replaces the stored log from the first of them on.
  virtual void append(const std::vector<raft::EntryPtr>& entries) = 0;
  /// Durable when it returns. What it covers may be forgotten; with `keeps_log` false, so is every
  /// entry behind it. One that is being written in the background is dropped.
  virtual void save(const raft::SnapshotPtr& snapshot, bool keeps_log) = 0;
  /// Begins to make and write one in the background, of entries that are durable. One at a time.
  /// `make` is called once, on any thread, and gone before take_written() gives its result.
  virtual void begin_writing(MakeSnapshot make) = 0;
  /// The one that was begun, once: when it is durable, and what it covers may be forgotten. Null
  /// until then. Throws if writing it failed.
  virtual raft::SnapshotPtr take_written() = 0;
  /// Hands the batch to the operating system.
  virtual void write() = 0;
  /// Writes, and makes durable whatever is not yet. Throws if it fails; the node must then stop,
  /// since nobody knows what was written.
  virtual void sync() = 0;
};

}  // namespace sunder
