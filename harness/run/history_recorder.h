#pragma once
// Numbers and times the events of a history as they happen. Each event is handed on before
// `invoked` returns, hence before the call leaves. The order of events is the order in which they
// are handed on.

#include <cstdint>
#include <functional>
#include <utility>

#include "checker/history/event.h"
#include "checker/history/run_event.h"
#include "harness/run/run_clock.h"
#include "workloads/generator.h"

namespace sunder::harness {

/// How many operations ended in each way. Refused is a `fail` that is an answer
/// (history::is_refused).
struct Counts {
  std::int64_t ok = 0;
  std::int64_t refused = 0;
  std::int64_t fail = 0;
  std::int64_t info = 0;
};

class HistoryRecorder {
 public:
  using OnEvent = std::function<void(const history::Event& event)>;

  HistoryRecorder(const RunClock& clock, OnEvent on_event)
      : clock_(clock), on_event_(std::move(on_event)) {}

  void invoked(history::ProcessId process, const workloads::Call& call);
  void completed(history::ProcessId process, const workloads::Call& call,
                 const workloads::Completion& completion);
  void record(const history::RunEvent& event);

  const Counts& counts() const { return counts_; }

 private:
  /// `index` and `time` are filled in.
  void append(history::Event event);
  std::int64_t& count_of(const history::Event& completion);

  const RunClock& clock_;
  OnEvent on_event_;
  std::int64_t next_index_ = 0;
  Counts counts_;
};

}  // namespace sunder::harness
