#pragma once
// The exchangeable parts of a node: the rules of Raft and the seams around the core.

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
  /// What stands between a node and its disk.
  std::function<std::unique_ptr<Storage>(std::unique_ptr<Storage>, NodeId)> storage =
      [](std::unique_ptr<Storage> its_disk, NodeId) { return its_disk; };
  std::function<std::unique_ptr<StateMachine>()> state_machine = [] {
    return std::make_unique<StateMachine>();
  };
  std::function<std::unique_ptr<Proposals>(Clients&)> proposals = [](Clients& clients) {
    return std::make_unique<Proposals>(clients);
  };
};

/// A part that wants to tell something writes it to the trace.
using MakeParts = std::function<Parts(TraceSink&)>;

}  // namespace sunder
