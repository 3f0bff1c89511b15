#include "harness/run/phases.h"

#include <chrono>
#include <stdexcept>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

#include "harness/driver/systems.h"
#include "harness/run/recovery.h"

namespace sunder::harness {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto patience_with_first_calls = 30s;

}  // namespace

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::start:
      return "starting";
    case Phase::play:
      return "";
    case Phase::heal:
      return "healing";
    case Phase::final_reads:
      return "final reads";
    case Phase::catch_up:
      return "catching up";
    case Phase::stop:
      return "stopping the nodes";
    case Phase::inspect:
      return "reading the disks";
  }
  return "";
}

Phases::Phases(asio::io_context& io, WorkerContext workers, const nemesis::Schedule& schedule,
               nemesis::Nemesis& nemesis, PhaseActions& actions)
    : io_(io),
      context_(std::move(workers)),
      schedule_(schedule),
      nemesis_(nemesis),
      actions_(actions),
      condition_(context_.time) {}

void Phases::begin(std::function<void()> on_end) {
  spawn(conduct(), std::move(on_end));
}

void Phases::end_play() {
  is_play_over_ = true;
  condition_.changed();
}

void Phases::fail(std::exception_ptr failure) {
  if (!failure_) failure_ = std::move(failure);
  end_play();
}

void Phases::node_crashed(const std::string& said) {
  if (last_words_.empty()) last_words_ = said;
  condition_.changed();
}

void Phases::observe(const nemesis::Observation& observation) {
  catching_up_.observe(observation);
  condition_.changed();
}

std::chrono::nanoseconds Phases::elapsed() const {
  return play_began_ ? context_.time.now() - *play_began_ : 0ns;
}

void Phases::enter(Phase phase) {
  phase_ = phase;
  actions_.on_phase(phase);
}

void Phases::spawn(asio::awaitable<void> part, std::function<void()> on_end) {
  asio::co_spawn(io_, std::move(part),
                 [on_end = std::move(on_end)](const std::exception_ptr& failure) {
                   on_end();
                   if (failure) std::rethrow_exception(failure);
                 });
}

asio::awaitable<void> Phases::conduct() {
  try {
    enter(Phase::start);
    actions_.start_nodes();
    co_await ready();
    if (!is_play_over_) co_await actions_.set_up();
    co_await play();
    co_await heal();
    co_await recover();
  } catch (...) {
    fail(std::current_exception());
  }
  co_await end_workers();
  workers_.clear();
  enter(Phase::stop);
  co_await actions_.stop_nodes();
  if (failure_) co_return;
  enter(Phase::inspect);
  co_await actions_.inspect();
}

asio::awaitable<void> Phases::ready() {
  const auto began = context_.time.now();
  const std::function<bool()> may_go_on = [this] {
    return is_play_over_ || actions_.are_nodes_ready();
  };
  const std::function<bool()> is_settled = [&] { return !last_words_.empty() || may_go_on(); };
  co_await condition_.wait(is_settled, began + actions_.startup_patience());
  if (!last_words_.empty()) {
    throw std::runtime_error(
        fmt::format("{}; more is in {}", last_words_, actions_.log().string()));
  }
  if (may_go_on()) co_return;
  throw std::runtime_error(
      fmt::format("the nodes were not ready within {} s of the start; what they said is in {}",
                  std::chrono::ceil<std::chrono::seconds>(context_.time.now() - began) / 1s,
                  actions_.log().string()));
}

asio::awaitable<void> Phases::play() {
  enter(Phase::play);
  play_began_ = context_.time.now();
  const int concurrency = context_.plan.concurrency;
  for (int number = 0; number < concurrency; ++number) {
    workers_.push_back(std::make_unique<WorkerLoop>(context_, number, concurrency));
  }
  co_await make_first_calls();
  for (const auto& worker : workers_) {
    ++running_workers_;
    spawn(worker->run(), [this] {
      --running_workers_;
      condition_.changed();
    });
  }
  is_nemesis_playing_ = true;
  spawn(nemesis_.play(schedule_), [this] {
    is_nemesis_playing_ = false;
    condition_.changed();
  });
  const std::function<bool()> is_over = [this] { return is_play_over_; };
  co_await condition_.wait(is_over, *play_began_ + context_.plan.time_limit);
  is_play_over_ = true;
  nemesis_.stop();
  for (const auto& worker : workers_) worker->stop();
}

asio::awaitable<void> Phases::make_first_calls() {
  for (const auto& call : context_.generator.first_calls()) {
    const auto began = context_.time.now();
    while (!is_play_over_) {
      const auto completion = co_await workers_.front()->perform(call);
      if (completion.type == history::EventType::ok) break;
      if (context_.time.now() < began + patience_with_first_calls) continue;
      throw std::runtime_error(fmt::format(
          "the clients can't begin: the system did not carry out \"{}\" within {} s: {}", call.f,
          patience_with_first_calls / 1s, completion.error));
    }
  }
}

asio::awaitable<void> Phases::heal() {
  const std::function<bool()> may_begin = [this] { return failure_ || actions_.may_heal(); };
  co_await condition_.wait(may_begin);
  enter(Phase::heal);
  const std::function<bool()> has_nemesis_ended = [this] { return !is_nemesis_playing_; };
  co_await condition_.wait(has_nemesis_ended);
  // Before the last answers are awaited: a paused node would keep its clients waiting.
  nemesis_.heal_all();
  co_await end_workers();
  if (failure_) std::rethrow_exception(failure_);
}

asio::awaitable<void> Phases::end_workers() {
  for (const auto& worker : workers_) worker->stop();
  const std::function<bool()> have_ended = [this] { return running_workers_ == 0; };
  co_await condition_.wait(have_ended);
}

asio::awaitable<void> Phases::recover() {
  enter(Phase::final_reads);
  const bool is_watched = find_system(context_.plan.system).traces;
  const std::function<void()> on_catching_up = [this] { enter(Phase::catch_up); };
  auto recovery = co_await await_recovery(context_, nemesis_, is_watched ? &catching_up_ : nullptr,
                                          condition_, on_catching_up);
  if (const auto leader = actions_.leader()) {
    recovery.leader = name_of(leader->node);
    recovery.term = static_cast<std::int64_t>(leader->term);
  }
  context_.recorder.record(recovery);
}

}  // namespace sunder::harness
