#pragma once
// What faults need of the system under test. The harness implements it; tests use a fake.
// Every call returns at once and is made on the thread of the io_context. No call contradicts the
// state of the node (a pause of a dead one): stage/process_holds.h tracks the states.

#include <optional>
#include <string>

#include "nemesis/administrator.h"
#include "nemesis/clock_setting.h"
#include "nemesis/link.h"

namespace sunder::nemesis {

class ClusterControl {
 public:
  virtual ~ClusterControl() = default;

  /// Nodes are 1 to node_count().
  virtual int node_count() const = 0;

  /// The leader as far as sunder knows. It may be deposed already.
  virtual std::optional<NodeId> leader() const = 0;

  /// SIGKILL. The node exited because of this, not by itself.
  virtual void kill(NodeId node) = 0;

  /// Starts a killed node again on its own data, after its last process is gone. Throws if it
  /// cannot be started.
  virtual void start(NodeId node) = 0;

  /// SIGSTOP and SIGCONT.
  virtual void pause(NodeId node) = 0;
  virtual void resume(NodeId node) = 0;

  /// A killed node starts again with nothing on its disk, as a node that belongs to no cluster.
  virtual void empty_disk(NodeId node) = 0;

  /// Whether the nodes' folders are on disks that lose power and fail on command.
  virtual bool has_faulty_disks() const = 0;

  /// An order of disk/faulty_disk.h. The disk obeys at once; that of a killed node obeys after its
  /// process is gone and before it starts again. The orders to one disk keep their order.
  virtual void order_disk(NodeId node, std::string order) = 0;

  /// Whether a node's clock can be set without that of the others.
  virtual bool has_settable_clocks() const = 0;

  /// Whether it can also run fast or slow.
  virtual bool has_settable_clock_rates() const = 0;

  /// A running node changes its clock as soon as it receives the setting. A node that is started
  /// begins with the last setting.
  virtual void set_clock(NodeId node, const ClockSetting& setting) = 0;

  /// Null if sunder has no way to give the system orders.
  virtual Administrator* administrator() = 0;
};

}  // namespace sunder::nemesis
