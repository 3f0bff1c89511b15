#pragma once
// Where a simulated run leaves what happened, as it happens: into memory to be judged
// (evidence_log.h) or into a run's folder (folder_log.h).

#include "checker/history/event.h"
#include "node/api/trace.h"

namespace sunder::harness::simulation {

class RunLog {
 public:
  RunLog() = default;
  virtual ~RunLog() = default;
  RunLog(const RunLog&) = delete;
  RunLog& operator=(const RunLog&) = delete;

  virtual void on_event(const history::Event& event) = 0;
  /// Of a node's trace.
  virtual void on_trace(const trace::Record& record) = 0;
  /// As the witness on the network saw it.
  virtual void on_wire(const trace::Record& record) = 0;
  /// What a node's disk holds in the end.
  virtual void on_disk(const trace::Record& record) = 0;
  /// All that was left is to be in its place, because the process may end now.
  virtual void flush() {}
};

}  // namespace sunder::harness::simulation
