#pragma once
// What follows the last healing: whoever was taken out votes again, every key is read until it is
// answered, and every node catches up, or the patience ends.

#include <functional>

#include <boost/asio/awaitable.hpp>

#include "checker/history/run_event.h"
#include "harness/run/catching_up.h"
#include "harness/run/worker.h"
#include "nemesis/nemesis.h"

namespace sunder::harness {

/// Who leads is left open in the result. The workers of the run must have
/// ended. Without `catching_up` nobody says how far nodes have come; `on_catching_up` is called
/// when they are waited for. The references must outlive the coroutine.
boost::asio::awaitable<history::Recovery> await_recovery(WorkerContext workers,
                                                         nemesis::Nemesis& nemesis,
                                                         const CatchingUp* catching_up,
                                                         std::function<void()> on_catching_up);

}  // namespace sunder::harness
