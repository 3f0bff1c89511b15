#pragma once
// A client of ZooKeeper by its own protocol (jute.h): a key is a node of its tree.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "harness/driver/driver.h"

namespace sunder::harness::zookeeper {

/// What comes before each read, so that it sees the writes before it.
enum class Sync {
  quorum,  ///< A write of the same session, which a majority must take first.
  leader,  ///< ZooKeeper's `sync`: the server catches up with a leader, which may have been deposed
           ///< without knowing it (ZOOKEEPER-1675).
  none,    ///< Nothing: what the server asked has, which may be old.
};

/// A server's answer to one request.
struct Answer {
  /// 0 if it was done.
  int error = 0;
  /// What follows the header.
  std::string body;
  /// Of the change that the request made, or of the last one that the server has applied.
  std::int64_t zxid = 0;
};

/// The outcome of a change, by the answer to its one request that changes something. A lock and a
/// guarded write (objects.h) compare as a cas does.
///
/// | answer                                      | write, generate  | any other          |
/// |---------------------------------------------|------------------|--------------------|
/// | done                                        | ok               | ok                 |
/// | -101 no node, -110 node exists              | the other request | fail: another value |
/// | -103 bad version                            | info: not requested | fail: another value |
/// | anything else, or nothing whole             | info             | info               |
///
/// Empty for "the other request": to create where a value was to be set, and the reverse. A read
/// without an answer is `fail`; a request that was not sent is tried at the next node.
std::optional<workloads::Completion> classify_change(const workloads::Call& call,
                                                     const std::optional<Answer>& answer);

/// `nodes` are "address:port"; `home` is a place among them.
std::unique_ptr<Client> make_client(boost::asio::io_context& io,
                                    const std::vector<std::string>& nodes, int home, Sync sync);

}  // namespace sunder::harness::zookeeper
