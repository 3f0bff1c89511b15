#pragma once
// Reads what the nodes' disks hold after the nodes have ended, by programs that did not write it,
// and files their output (RunStore::disks_path).

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "harness/driver/driver.h"
#include "harness/process/watchdog.h"
#include "results/store/run_store.h"

namespace sunder::harness {

/// Does nothing for a system without such a program. Throws std::runtime_error naming the log
/// of a reader that failed. The references must live until the end.
boost::asio::awaitable<void> inspect_disks(boost::asio::io_context& io, Watchdog& watchdog,
                                           const Driver& driver, const results::RunStore& store);

}  // namespace sunder::harness
