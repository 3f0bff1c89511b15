#pragma once
// Power losses and failing disks. They need disks that take orders (disk/faulty_disk.h).
// A node that cannot sync or write, or finds a damaged byte, is right to stop. Its end is then
// expected, and it is started again when the fault heals: on a machine that was booted anew, except
// after slowness. A damaged byte is given back what it was: a node that started without what it has
// promised could vote against its promises.

#include <map>
#include <optional>

#include "nemesis/cluster_control.h"
#include "nemesis/kinds/inject.h"
#include "nemesis/kinds/process_faults.h"

namespace sunder::nemesis {

/// Whether the fault is one of these.
bool needs_disks(const Fault& fault);

class DiskFaults {
 public:
  /// The references must outlive this.
  DiskFaults(ClusterControl& cluster, ProcessFaults& processes)
      : cluster_(cluster), processes_(processes) {}

  /// The target must be node numbers.
  std::optional<Refusal> lose_power(const Fault& fault, const PowerLoss& loss);
  std::optional<Refusal> inject(const Fault& fault, const DiskFault& trouble);

  /// Before ProcessFaults::release, which starts the nodes.
  void release(int fault_id);

  /// The fault whose trouble is a reason for the node to stop, if there is one.
  std::optional<int> reason_to_stop(NodeNumber node) const;

 private:
  struct Held {
    int fault_id;
    DiskTrouble trouble;
  };

  std::optional<Refusal> obstacle(const Fault& fault) const;
  bool all_down(const Fault& fault) const;

  ClusterControl& cluster_;
  ProcessFaults& processes_;
  std::map<NodeNumber, Held> held_;
};

}  // namespace sunder::nemesis
