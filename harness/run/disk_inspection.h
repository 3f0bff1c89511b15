#pragma once
// Looks at what the nodes' disks hold when the nodes have ended, by programs that had no part in
// writing it, and files what they say (RunStore::disks_path).

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "harness/driver/driver.h"
#include "harness/process/watchdog.h"
#include "results/store/run_store.h"

namespace sunder::harness {

/// Does nothing for a system whose files nobody can read. Throws std::runtime_error naming the log
/// of a reader that failed. The references must live until the end.
boost::asio::awaitable<void> inspect_disks(boost::asio::io_context& io, Watchdog& watchdog,
                                           const Driver& driver, const results::RunStore& store);

}  // namespace sunder::harness
