#pragma once
// A conversation with one node of sunder's own Raft system, as clients and administrators hold it:
// one line asked, one line answered. It goes over sockets; a simulation has doors of its own.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "nemesis/timekeeper.h"
#include "node/api/client_protocol.h"

namespace sunder::harness {

/// What is known of a request after one attempt at one node.
struct RaftAttempt {
  std::optional<client_protocol::Reply> reply;
  /// A byte of it may have reached the node.
  bool left = false;

  /// Some node may have taken the request, now or later.
  bool maybe_taken() const {
    return left && (!reply || reply->status == client_protocol::Status::unknown);
  }
};

class RaftConversation {
 public:
  virtual ~RaftConversation() = default;

  /// `line` ends with a newline and carries the number `request`. Without a reply if the node could
  /// not be reached, broke off or was silent until `until`. One at a time.
  virtual boost::asio::awaitable<RaftAttempt> ask(std::string line, std::uint64_t request,
                                                  std::chrono::steady_clock::time_point until) = 0;
};

/// The way to the nodes, and the time in which they answer.
class RaftDoors {
 public:
  virtual ~RaftDoors() = default;

  virtual const nemesis::Timekeeper& time() const = 0;
  /// Throws std::invalid_argument naming the address if it is none.
  virtual std::unique_ptr<RaftConversation> dial(const std::string& address) const = 0;
};

/// Connected when it is first needed and again after it broke.
class RaftConnection final : public RaftConversation {
 public:
  /// "127.0.0.1:7000". Throws std::invalid_argument naming the address if it is none.
  RaftConnection(boost::asio::io_context& io, const std::string& address);

  boost::asio::awaitable<RaftAttempt> ask(std::string line, std::uint64_t request,
                                          std::chrono::steady_clock::time_point until) override;

 private:
  RaftAttempt close(const RaftAttempt& attempt);

  boost::asio::ip::tcp::endpoint endpoint_;
  boost::beast::tcp_stream stream_;
  std::string received_;
  bool connected_ = false;
};

/// By "address:port".
class RaftSockets final : public RaftDoors {
 public:
  explicit RaftSockets(boost::asio::io_context& io) : io_(io), time_(io) {}

  const nemesis::Timekeeper& time() const override { return time_; }
  std::unique_ptr<RaftConversation> dial(const std::string& address) const override {
    return std::make_unique<RaftConnection>(io_, address);
  }

 private:
  boost::asio::io_context& io_;
  nemesis::MachineTime time_;
};

}  // namespace sunder::harness
