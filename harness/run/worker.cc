#include "harness/run/worker.h"

#include <algorithm>
#include <chrono>

namespace sunder::harness {

namespace asio = boost::asio;
using Clock = nemesis::Timekeeper::Clock;

namespace {

/// The first time from `due` on at which clients work.
Clock::time_point in_burst(Clock::time_point due, Clock::time_point began, const Plan& plan) {
  if (plan.burst == Duration{}) return due;
  const auto since_burst = (due - began) % plan.burst_every;
  return since_burst < plan.burst ? due : due - since_burst + plan.burst_every;
}

}  // namespace

WorkerLoop::WorkerLoop(const WorkerContext& context, int number, int step)
    : context_(context),
      number_(number),
      step_(step),
      process_(number),
      pace_(context.time.make_alarm()),
      back_off_(context.plan.seed + static_cast<std::uint64_t>(number)) {
  new_client();
}

void WorkerLoop::new_client() {
  const NodeId node{1 + (number_ + node_offset_) % context_.plan.nodes};
  client_ = context_.make_client(node, history::ProcessId{process_});
}

asio::awaitable<void> WorkerLoop::move_on() {
  node_offset_ = (node_offset_ + 1) % context_.plan.nodes;
  new_client();
  pace_->set(context_.time.now() + back_off_.after(true));
  co_await pace_->wait();
}

asio::awaitable<workloads::Completion> WorkerLoop::perform(workloads::Call call) {
  const history::ProcessId process{process_};
  context_.recorder.invoked(process, call);
  auto completion = co_await client_->invoke(call, context_.plan.operation_timeout);
  context_.recorder.completed(process, call, completion);
  if (completion.type == history::EventType::info) {
    process_ += step_;
    new_client();
  }
  co_return completion;
}

asio::awaitable<void> WorkerLoop::run() {
  using Seconds = std::chrono::duration<double>;
  const auto& plan = context_.plan;
  const auto period = std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      Seconds(plan.rate > 0 ? plan.concurrency / plan.rate : 0));
  const auto began = context_.time.now();
  // The workers' beats are spread over one period.
  auto due = began + period * number_ / plan.concurrency;
  while (!stopped_) {
    pace_->set(due);
    co_await pace_->wait();
    if (stopped_) break;
    const auto call = context_.generator.next(workloads::Worker{number_});
    const auto completion = co_await perform(call);
    context_.generator.completed(workloads::Worker{number_}, call, completion);
    const auto wait = back_off_.after(is_turned_away(call, completion));
    // A slow answer is not made up for by a burst.
    due = in_burst(std::max(due + period, context_.time.now() + wait), began, plan);
  }
}

void WorkerLoop::stop() {
  stopped_ = true;
  pace_->cancel();
}

}  // namespace sunder::harness
