#include "harness/run/interruption.h"

#include <utility>

namespace sunder::harness {

Interruption::Interruption(boost::asio::io_context& io, std::function<void()> on_interrupt)
    : on_interrupt_(std::move(on_interrupt)), signals_(io, [this] {
        if (has_come_) throw StoppedAtOnce("interrupted twice: stopped at once, not judged");
        has_come_ = true;
        on_interrupt_();
      }) {}

}  // namespace sunder::harness
