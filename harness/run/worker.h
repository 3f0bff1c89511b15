#pragma once
// One worker: gets a call from the generator, records the invocation, calls, records the
// completion, until it is stopped. After every `info` it gets a new client and a new process id,
// because the old call may still take effect. Real and simulated runs use the same workers.

#include <functional>
#include <memory>

#include <boost/asio/awaitable.hpp>

#include "harness/driver/driver.h"
#include "harness/plan.h"
#include "harness/run/back_off.h"
#include "harness/run/history_recorder.h"
#include "nemesis/timekeeper.h"
#include "workloads/generator.h"

namespace sunder::harness {

/// What all workers of a run share. The references must outlive them.
struct WorkerContext {
  const nemesis::Timekeeper& time;
  const Plan& plan;
  /// One that talks to `node` first.
  std::function<std::unique_ptr<Client>(NodeId node, history::ProcessId process)> make_client;
  workloads::Generator& generator;
  HistoryRecorder& recorder;
};

class WorkerLoop {
 public:
  /// `number` from 0. Process ids are number, number + step, number + 2 * step, ...
  WorkerLoop(const WorkerContext& context, int number, int step);

  /// Ends after stop(), when the operation under way has ended.
  boost::asio::awaitable<void> run();
  void stop();

  /// One call, recorded.
  boost::asio::awaitable<workloads::Completion> perform(workloads::Call call);

  /// After a call without an answer: the next one goes to the next node, after a pause that grows.
  boost::asio::awaitable<void> move_on();

 private:
  void new_client();

  WorkerContext context_;
  int number_;
  int step_;
  int node_offset_ = 0;
  std::int64_t process_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<nemesis::Alarm> pace_;
  BackOff back_off_;
  bool stopped_ = false;
};

}  // namespace sunder::harness
