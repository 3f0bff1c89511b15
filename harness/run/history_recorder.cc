#include "harness/run/history_recorder.h"

#include <utility>

#include "checker/history/jsonl.h"

namespace sunder::harness {

HistoryRecorder::HistoryRecorder(const std::filesystem::path& path, const RunClock& clock,
                                 OnEvent on_event)
    : file_(path), clock_(clock), on_event_(std::move(on_event)) {}

void HistoryRecorder::invoked(history::ProcessId process, const workloads::Call& call) {
  history::Event event;
  event.process = process;
  event.type = history::EventType::invoke;
  event.f = call.f;
  event.key = call.key;
  event.value = call.value;
  append(std::move(event));
}

void HistoryRecorder::completed(history::ProcessId process, const workloads::Call& call,
                                const workloads::Completion& completion) {
  switch (completion.type) {
    case history::EventType::ok:
      ++counts_.ok;
      break;
    case history::EventType::fail:
      ++counts_.fail;
      break;
    default:
      ++counts_.info;
  }
  history::Event event;
  event.process = process;
  event.type = completion.type;
  event.f = call.f;
  event.key = call.key;
  event.value = completion.value;
  event.error = completion.error;
  append(std::move(event));
}

void HistoryRecorder::record(const history::RunEvent& event) {
  append(history::to_event(event));
}

void HistoryRecorder::append(history::Event event) {
  event.index = next_index_++;
  event.time = clock_.now();
  line_.clear();
  history::append_json_line(line_, event);
  file_.append(line_);
  on_event_(event);
}

}  // namespace sunder::harness
