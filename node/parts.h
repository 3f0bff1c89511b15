#pragma once
// The parts of a node that a mutant can replace: the rules of Raft, the rules of the disk, and the
// classes around the core.

#include <functional>
#include <memory>

#include "node/disk/disk_rules.h"
#include "node/disk/storage.h"
#include "node/raft/rules.h"
#include "node/store/proposals.h"
#include "node/store/state_machine.h"
#include "node/trace_sink.h"

namespace sunder {

struct Parts {
  raft::Rules rules;
  DiskRules disk;
  /// Wraps the node's disk.
  std::function<std::unique_ptr<Storage>(std::unique_ptr<Storage>, NodeId)> storage =
      [](std::unique_ptr<Storage> its_disk, NodeId) { return its_disk; };
  std::function<std::unique_ptr<StateMachine>()> state_machine = [] {
    return std::make_unique<StateMachine>();
  };
  std::function<std::unique_ptr<Proposals>(Clients&)> proposals = [](Clients& clients) {
    return std::make_unique<Proposals>(clients);
  };
};

/// The parts may write to the trace.
using MakeParts = std::function<Parts(TraceSink&)>;

}  // namespace sunder
