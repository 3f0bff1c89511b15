#pragma once
// What a simulated run leaves in its folder: the files of a real run (history, traces, wire, disks)
// and a transcript. Invariant: whatever ends the run, what was written is whole lines.

#include <fstream>
#include <map>

#include "harness/run/history_file.h"
#include "harness/run/record_file.h"
#include "harness/simulation/run_log.h"
#include "harness/simulation/transcript.h"
#include "results/store/run_store.h"

namespace sunder::harness::simulation {

class FolderLog final : public RunLog {
 public:
  /// Of a run with that many nodes. The files must not be there yet.
  FolderLog(const results::RunStore& store, int nodes);

  void on_event(const history::Event& event) override;
  void on_trace(const trace::Record& record) override;
  void on_wire(const trace::Record& record) override { wire_.append(record); }
  void on_disk(const trace::Record& record) override { disks_.append(record); }
  void flush() override;

 private:
  HistoryFile history_;
  std::map<NodeId, std::ofstream> traces_;
  RecordFile wire_;
  RecordFile disks_;
  Transcript transcript_;
};

/// Where a run's transcript is.
std::filesystem::path transcript_path(const results::RunStore& store);

}  // namespace sunder::harness::simulation
