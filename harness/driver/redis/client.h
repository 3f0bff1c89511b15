#pragma once
// A client of Redis (RESP). command.h has the commands, which only a master carries out.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "harness/driver/driver.h"
#include "harness/driver/redis/reply.h"

namespace sunder::harness::redis {

struct Attempt {
  std::optional<Reply> reply;
  /// A byte of the command may have reached the server.
  bool left = false;
};

/// What an attempt means for its call.
///
/// | reply                                  | only reads | any other                             |
/// |----------------------------------------|------------|---------------------------------------|
/// | nothing, and the command did not leave | next node  | next node                             |
/// | READONLY, LOADING, MASTERDOWN          | next node  | next node: not begun                  |
/// | nothing whole, though it left          | fail       | info                                  |
/// | any other error                        | fail       | info                                  |
/// | the answer to the command              | ok         | ok; fail: another value, owner, empty |
/// | any other                              | fail       | info                                  |
///
/// Empty for "next node".
std::optional<workloads::Completion> classify(const workloads::Call& call, const Attempt& attempt);

/// `nodes` are "address:port"; `home` is a place among them.
std::unique_ptr<Client> make_client(boost::asio::io_context& io,
                                    const std::vector<std::string>& nodes, int home);

}  // namespace sunder::harness::redis
