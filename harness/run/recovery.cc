#include "harness/run/recovery.h"

#include <chrono>
#include <cstdint>

namespace sunder::harness {

namespace asio = boost::asio;
using Clock = nemesis::Timekeeper::Clock;

namespace {

// Above every process id that the workers have used: each worker has retired at most as many ids as
// there were unknown outcomes.
int next_process_number(const WorkerContext& workers) {
  return static_cast<int>(workers.plan.concurrency * (workers.recorder.counts().info + 1));
}

// Whether every key was answered. The reader is a worker of its own, with its own process ids.
asio::awaitable<bool> read_every_key(WorkerContext workers, Clock::time_point deadline) {
  WorkerLoop reader(workers, next_process_number(workers), workers.plan.concurrency);
  bool are_answered = true;
  for (const auto& call : workers.generator.final_reads()) {
    bool is_answered = false;
    while (!is_answered && workers.time.now() < deadline) {
      const auto completion = co_await reader.perform(call);
      is_answered = completion.type == history::EventType::ok;
    }
    are_answered = are_answered && is_answered;
  }
  co_return are_answered;
}

}  // namespace

asio::awaitable<history::Recovery> await_recovery(WorkerContext workers, nemesis::Nemesis& nemesis,
                                                  const CatchingUp* catching_up,
                                                  Condition& condition,
                                                  std::function<void()> on_catching_up) {
  const auto healed = workers.time.now();
  const auto deadline = healed + workers.plan.recovery_timeout;
  history::Recovery recovery;
  recovery.because = co_await nemesis.restore_voters(deadline);
  const bool are_answered = co_await read_every_key(workers, deadline);
  recovery.recovered = !recovery.because && are_answered;
  if (recovery.recovered && catching_up != nullptr) {
    on_catching_up();
    const auto goal = catching_up->furthest();
    const std::function<bool()> has_everyone_caught_up = [&] {
      return !catching_up->laggards(workers.plan.nodes, goal);
    };
    recovery.recovered = co_await condition.wait(has_everyone_caught_up, deadline);
    if (recovery.recovered) {
      recovery.caught_up_to = static_cast<std::int64_t>(goal);
    } else {
      recovery.because = catching_up->laggards(workers.plan.nodes, goal);
    }
  }
  recovery.took =
      std::chrono::duration_cast<std::chrono::milliseconds>(workers.time.now() - healed);
  co_return recovery;
}

}  // namespace sunder::harness
