#include "harness/run/progress_refresh.h"

#include <utility>

namespace sunder::harness {

ProgressRefresh::ProgressRefresh(boost::asio::io_context& io, ProgressLine& progress,
                                 std::function<RunProgress()> snapshot)
    : beat_(io), progress_(progress), snapshot_(std::move(snapshot)) {
  wait();
}

void ProgressRefresh::wait() {
  beat_.expires_after(progress_.interval());
  beat_.async_wait([this](boost::system::error_code cancelled) {
    if (cancelled) return;
    progress_.show(format_progress(snapshot_()));
    wait();
  });
}

}  // namespace sunder::harness
