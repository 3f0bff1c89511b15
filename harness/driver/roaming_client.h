#pragma once
// A client of a system whose nodes all accept calls. Each call goes to the client's home node
// first, so that a node that answers from its own state alone gets calls all the time. Only a call
// that certainly reached no node is tried at the next one. A call that was sent may have taken
// effect, and repeating it could apply it twice.

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "harness/driver/driver.h"

namespace sunder::harness {

/// With one node.
class Conversation {
 public:
  virtual ~Conversation() = default;

  /// Empty if nothing of the call can have reached the node. Ends by `until`. One at a time.
  virtual boost::asio::awaitable<std::optional<workloads::Completion>> perform(
      workloads::Call call, std::chrono::steady_clock::time_point until) = 0;
};

/// `home` is a place among the nodes.
std::unique_ptr<Client> make_roaming_client(boost::asio::io_context& io,
                                            std::vector<std::unique_ptr<Conversation>> nodes,
                                            std::size_t home);

}  // namespace sunder::harness
