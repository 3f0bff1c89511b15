#include "harness/simulation/folder_log.h"

#include "nemesis/link.h"

namespace sunder::harness::simulation {

FolderLog::FolderLog(const results::RunStore& store, int nodes)
    : history_(store.history_path()),
      wire_(store.wire_path()),
      disks_(store.disks_path()),
      transcript_(transcript_path(store)) {
  for (const auto node : nemesis::all_nodes(nodes)) {
    traces_[node].open(store.trace_path(name_of(node)));
  }
}

void FolderLog::on_event(const history::Event& event) {
  history_.append(event);
  transcript_.happened(event);
}

void FolderLog::on_trace(const trace::Record& record) {
  transcript_.heard(record);
  traces_.at(record.node) << trace::to_json_line(record) << '\n';
}

void FolderLog::flush() {
  for (auto& [node, trace] : traces_) trace.flush();
  transcript_.flush();
}

std::filesystem::path transcript_path(const results::RunStore& store) {
  return store.folder() / "transcript.txt";
}

}  // namespace sunder::harness::simulation
