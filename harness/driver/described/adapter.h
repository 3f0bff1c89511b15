#pragma once
// Programs in any language that speak to a system for sunder, in lines of JSON (docs/systems.md).
// If an adapter exits, sends malformed lines or is silent for long, its open calls become `info`
// and sunder kills and replaces it; each reason is counted and reported. A late adapter is kept:
// its answers carry the ids of their calls.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "harness/driver/driver.h"
#include "harness/process/line_process.h"

namespace sunder::harness::described {

/// What an answer means for its call.
///
/// | answer                           | outcome                        |
/// |----------------------------------|--------------------------------|
/// | "type" ok                        | ok; with its "value"           |
/// | "type" fail                      | fail                           |
/// | "type" info                      | info                           |
/// | anything else                    | none: nonsense                 |
/// | none in time, the adapter's end  | info (decided by the caller)   |
std::optional<workloads::Completion> classify(const workloads::Call& call,
                                              const std::string& answer);

/// The same of a call about the system itself, whose "value" may be left out.
std::optional<workloads::Completion> classify_about_system(const std::string& answer);

/// The id in an answer; empty if it has none.
std::optional<std::int64_t> id_in(const std::string& answer);

/// The adapters of one run.
class Adapters {
 public:
  /// `launch` is how one is started. With `one_for_all` calls are multiplexed by their ids.
  Adapters(Watchdog& watchdog, LineProcess::Options launch, bool one_for_all);
  ~Adapters();

  /// The adapter gets the address of `node` ("n1"): "127.1.2.3:7000". Must not outlive this.
  std::unique_ptr<Client> make_client(boost::asio::io_context& io, std::string node,
                                      std::string address);

  /// A call about the system itself, "setup", "ready" or "role", to the node at `address`. Its
  /// answer is `info` if there is none.
  boost::asio::awaitable<workloads::Completion> ask(boost::asio::io_context& io, std::string f,
                                                    std::string address,
                                                    std::chrono::nanoseconds timeout);

  /// Ends all adapters; no client may be left. What was wrong with them:
  /// "the adapter ended: exit status 1 (3 times; log: log/adapter.log)"
  std::vector<std::string> conclude();

 private:
  class Pool;
  std::shared_ptr<Pool> pool_;
};

}  // namespace sunder::harness::described
