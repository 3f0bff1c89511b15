#include "harness/run/disk_inspection.h"

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "harness/process/child_process.h"
#include "harness/run/trace_file.h"
#include "nemesis/link.h"

namespace sunder::harness {

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<void> inspect_disks(asio::io_context& io, Watchdog& watchdog, const Driver& driver,
                                    const results::RunStore& store) {
  std::optional<TraceFile> file;
  asio::steady_timer timer(io);
  for (const auto node : nemesis::all_nodes(driver.node_count())) {
    const auto name = name_of(node);
    const auto reader = driver.launch_disk_reader(node, store.folder() / "data" / name);
    if (!reader) co_return;
    if (!file) file.emplace(io, store.disks_path(), [](std::string_view) {});
    const auto log = store.log_path("disk-reader");
    std::optional<std::string> end;
    const ChildProcess process(
        io, watchdog,
        ChildProcess::Options{reader->program, reader->arguments, log, file->open_pipe()},
        [&end](const std::string& how) { end = how; });
    while (!end || !file->finished()) {
      timer.expires_after(1ms);
      co_await timer.async_wait(asio::use_awaitable);
    }
    if (*end != "exit status 0") {
      throw std::runtime_error(fmt::format(
          "what the disk of {} holds could not be read: {} (log: {})", name, *end, log.string()));
    }
  }
}

}  // namespace sunder::harness
