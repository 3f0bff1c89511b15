#include "harness/run/recovery.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <vector>

namespace sunder::harness {

namespace asio = boost::asio;
using Clock = nemesis::Timekeeper::Clock;

namespace {

// So many keys are read in any case.
constexpr std::size_t always_read = 100;

// Above every process id that the workers have used: each worker has retired at most as many ids as
// there were unknown outcomes.
int next_process_number(const WorkerContext& workers) {
  return static_cast<int>(workers.plan.concurrency * (workers.recorder.counts().info + 1));
}

// In an order drawn from the seed, so that the same keys are read again, if they are too many to
// read all of them.
std::vector<workloads::Call> calls_in_order(const WorkerContext& workers) {
  auto calls = workers.generator.final_calls();
  if (calls.size() <= always_read) return calls;
  std::mt19937_64 random(workers.plan.seed);
  // The engine's numbers are the same with every library; std::shuffle's use of them is not.
  for (std::size_t left = calls.size(); left > 1; --left) {
    std::swap(calls[left - 1], calls[random() % left]);
  }
  return calls;
}

// Says how many keys were read, and with `recovered` whether all of them were answered. The reader
// is a worker of its own, with its own process ids. Of many keys it reads as many as half of the
// time allows: the other half is for those that do not answer at once. What goes on behind its
// first answer, such as the drain of a queue, has what is left of the time: that it takes long is
// not the system's fault.
asio::awaitable<history::Recovery> read_keys(WorkerContext workers, Clock::time_point begin,
                                             Clock::time_point deadline) {
  WorkerLoop reader(workers, next_process_number(workers), workers.plan.concurrency);
  history::Recovery reads;
  reads.recovered = true;
  std::int64_t keys = 0;
  const auto enough = begin + (deadline - begin) / 2;
  const auto calls = calls_in_order(workers);
  std::vector<workloads::Call> going_on;
  for (const auto& call : calls) {
    const bool is_sample = keys >= static_cast<std::int64_t>(always_read);
    if (is_sample && workers.time.now() >= enough) break;
    ++keys;
    bool is_answered = false;
    while (!is_answered && workers.time.now() < deadline) {
      const auto completion = co_await reader.perform(call);
      const bool is_final = workers.generator.is_final(call, completion);
      is_answered = is_final || completion.type == history::EventType::ok;
      // In some systems only one node answers, and the others refuse.
      if (!is_answered) co_await reader.move_on();
      if (is_answered && !is_final) going_on.push_back(call);
    }
    reads.recovered = reads.recovered && is_answered;
  }
  for (const auto& call : going_on) {
    bool is_final = false;
    while (!is_final && workers.time.now() < enough) {
      is_final = workers.generator.is_final(call, co_await reader.perform(call));
    }
  }
  if (keys < static_cast<std::int64_t>(calls.size())) reads.keys_read = keys;
  co_return reads;
}

}  // namespace

asio::awaitable<history::Recovery> await_recovery(WorkerContext workers, nemesis::Nemesis& nemesis,
                                                  const CatchingUp* catching_up,
                                                  Condition& condition,
                                                  std::function<void()> on_catching_up) {
  const auto healed = workers.time.now();
  const auto deadline = healed + workers.plan.recovery_timeout;
  const auto because = co_await nemesis.restore_voters(deadline);
  auto recovery = co_await read_keys(workers, healed, deadline);
  recovery.because = because;
  recovery.recovered = recovery.recovered && !because;
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
