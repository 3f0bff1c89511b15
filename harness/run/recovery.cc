#include "harness/run/recovery.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace sunder::harness {

namespace asio = boost::asio;
using Clock = nemesis::Timekeeper::Clock;

namespace {

// Beyond every process id that the workers have used: each of them has retired at most as many as
// there were unknown outcomes.
int next_process_number(const WorkerContext& workers) {
  return static_cast<int>(workers.plan.concurrency * (workers.recorder.counts().info + 1));
}

// Whether every key was answered. By a worker of its own, whose process ids are nobody else's.
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

// Who has not come so far, in words; empty if all have.
asio::awaitable<std::optional<std::string>> everyone_catches_up(WorkerContext workers,
                                                                const CatchingUp& catching_up,
                                                                std::uint64_t goal,
                                                                Clock::time_point deadline) {
  constexpr auto poll_interval = std::chrono::milliseconds(2);
  const auto alarm = workers.time.make_alarm();
  auto laggards = catching_up.laggards(workers.plan.nodes, goal);
  while (laggards && workers.time.now() < deadline) {
    alarm->set(workers.time.now() + poll_interval);
    co_await alarm->wait();
    laggards = catching_up.laggards(workers.plan.nodes, goal);
  }
  co_return laggards;
}

}  // namespace

asio::awaitable<history::Recovery> await_recovery(WorkerContext workers, nemesis::Nemesis& nemesis,
                                                  const CatchingUp* catching_up,
                                                  std::function<void()> on_catching_up) {
  const auto healed = workers.time.now();
  const auto deadline = healed + workers.plan.recovery_timeout;
  auto obstacle = co_await nemesis.restore_voters(deadline);
  const bool are_answered = co_await read_every_key(workers, deadline);
  bool is_recovered = !obstacle && are_answered;
  const auto goal = catching_up == nullptr ? 0 : catching_up->furthest();
  if (is_recovered && catching_up != nullptr) {
    on_catching_up();
    obstacle = co_await everyone_catches_up(workers, *catching_up, goal, deadline);
    is_recovered = !obstacle;
  }
  history::Recovery recovery;
  recovery.recovered = is_recovered;
  recovery.took =
      std::chrono::duration_cast<std::chrono::milliseconds>(workers.time.now() - healed);
  recovery.because = std::move(obstacle);
  if (is_recovered && catching_up != nullptr) {
    recovery.caught_up_to = static_cast<std::int64_t>(goal);
  }
  co_return recovery;
}

}  // namespace sunder::harness
