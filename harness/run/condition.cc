#include "harness/run/condition.h"

#include <utility>

namespace sunder::harness {

boost::asio::awaitable<bool> Condition::wait(std::function<bool()> holds,
                                             Clock::time_point deadline) {
  // What held in changed() may no longer hold when the coroutine goes on.
  while (!holds()) {
    if (time_.now() >= deadline) co_return false;
    holds_ = holds;
    alarm_->set(deadline);
    co_await alarm_->wait();
    holds_ = nullptr;
  }
  co_return true;
}

void Condition::changed() {
  if (holds_ && holds_()) alarm_->cancel();
}

}  // namespace sunder::harness
