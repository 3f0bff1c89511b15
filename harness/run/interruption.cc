#include "harness/run/interruption.h"

#include <utility>

#include <signal.h>

namespace sunder::harness {

Interruption::Interruption(boost::asio::io_context& io, std::function<void()> on_interrupt)
    : signals_(io, SIGINT, SIGTERM), on_interrupt_(std::move(on_interrupt)) {
  wait();
}

void Interruption::wait() {
  signals_.async_wait([this](boost::system::error_code error, int) {
    if (error) return;
    if (has_come_) throw StoppedAtOnce("interrupted twice: stopped at once, not judged");
    has_come_ = true;
    on_interrupt_();
    wait();
  });
}

}  // namespace sunder::harness
