#include "harness/run/history_recorder.h"

#include <utility>

namespace sunder::harness {

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
  history::Event event;
  event.process = process;
  event.type = completion.type;
  event.f = call.f;
  event.key = call.key;
  event.value = completion.value;
  event.error = completion.error;
  event.answer = completion.answer;
  ++count_of(event);
  append(std::move(event));
}

std::int64_t& HistoryRecorder::count_of(const history::Event& completion) {
  if (completion.type == history::EventType::ok) return counts_.ok;
  if (completion.type == history::EventType::info) return counts_.info;
  return history::is_refused(completion) ? counts_.refused : counts_.fail;
}

void HistoryRecorder::record(const history::RunEvent& event) {
  append(history::to_event(event));
}

void HistoryRecorder::append(history::Event event) {
  event.index = next_index_++;
  event.time = clock_.now();
  on_event_(event);
}

}  // namespace sunder::harness
