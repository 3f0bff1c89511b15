#pragma once
// What follows the last healing: nodes that were removed become voters again, a client reads every
// key until it is answered (of many keys a sample), and every node catches up; or the plan's
// recovery timeout ends it.

#include <functional>

#include <boost/asio/awaitable.hpp>

#include "checker/history/run_event.h"
#include "harness/run/catching_up.h"
#include "harness/run/condition.h"
#include "harness/run/worker.h"
#include "nemesis/nemesis.h"

namespace sunder::harness {

/// Without leader and term. The workers of the run must have ended. `catching_up` is null if the
/// nodes do not trace how far they have committed; whoever changes it calls condition.changed().
/// `on_catching_up` is called when the wait for it begins. The references must outlive the
/// coroutine.
boost::asio::awaitable<history::Recovery> await_recovery(WorkerContext workers,
                                                         nemesis::Nemesis& nemesis,
                                                         const CatchingUp* catching_up,
                                                         Condition& condition,
                                                         std::function<void()> on_catching_up);

}  // namespace sunder::harness
