#pragma once
// The exchangeable parts of a node: the rules of Raft and the seams around the core.

#include <functional>
#include <memory>

#include "node/proposals.h"
#include "node/raft/rules.h"
#include "node/storage.h"
#include "node/trace_sink.h"

namespace sunder {

struct Parts {
  raft::Rules rules;
  std::function<std::unique_ptr<Storage>(std::unique_ptr<Storage>)> storage =
      [](std::unique_ptr<Storage> disk) { return disk; };
  std::function<std::unique_ptr<Proposals>(Clients&)> proposals = [](Clients& clients) {
    return std::make_unique<Proposals>(clients);
  };
};

/// A part that wants to tell something writes it to the trace.
using MakeParts = std::function<Parts(TraceSink&)>;

}  // namespace sunder
