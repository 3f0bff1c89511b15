#pragma once
// What faults need of the system under test. The harness implements it; tests use a fake.
// Every call is immediate and made on the thread of the io_context. A call that does not fit the
// state of the node (pause of a dead one) is never made: stage/process_holds.h keeps the books.

#include <optional>
#include <string>

#include "nemesis/administrator.h"
#include "nemesis/clock_setting.h"
#include "nemesis/node_number.h"

namespace sunder::nemesis {

class ClusterControl {
 public:
  virtual ~ClusterControl() = default;

  /// Nodes are 1 to node_count().
  virtual int node_count() const = 0;

  /// Who leads now, as far as known from outside; a guess that may be late.
  virtual std::optional<NodeNumber> leader() const = 0;

  /// SIGKILL. The node exited because of this, not by itself.
  virtual void kill(NodeNumber node) = 0;

  /// Starts a killed node again on its own data, waiting for its last process to be gone if need
  /// be. Throws if it cannot be started.
  virtual void start(NodeNumber node) = 0;

  /// SIGSTOP and SIGCONT.
  virtual void pause(NodeNumber node) = 0;
  virtual void resume(NodeNumber node) = 0;

  /// Of a killed node: it starts again with nothing on its disk, as one that belongs to no cluster.
  virtual void empty_disk(NodeNumber node) = 0;

  /// Whether the nodes' folders are on disks that lose power and fail when told so.
  virtual bool has_faulty_disks() const = 0;

  /// One of disk/faulty_disk.h, obeyed at once; of a killed node when its process is gone and
  /// before it starts again. Orders to one node are obeyed in turn.
  virtual void order_disk(NodeNumber node, std::string order) = 0;

  /// Whether a node's clock can be set without that of the others.
  virtual bool has_settable_clocks() const = 0;

  /// Whether it can be made to run fast or slow, too.
  virtual bool has_settable_clock_rates() const = 0;

  /// Of a running node as soon as it hears of it; one that is started begins with what was set
  /// last.
  virtual void set_clock(NodeNumber node, const ClockSetting& setting) = 0;

  /// Null if the system takes no orders.
  virtual Administrator* administrator() = 0;
};

}  // namespace sunder::nemesis
