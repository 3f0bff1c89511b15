#pragma once
// A client of Redis (RESP). All three calls are commands that only a master carries out, reads too
// (GETEX), so that what is read is never a replica's.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "harness/driver/driver.h"

namespace sunder::harness::redis {

/// One reply, as far as these commands have them.
struct Reply {
  enum class Kind { text, integer, nothing, error };
  Kind kind = Kind::nothing;
  std::string text;
};

/// Removes the first complete reply from the received bytes; nothing if it is incomplete. Throws
/// std::invalid_argument for what cannot become one.
std::optional<Reply> take_reply(std::string& received);

struct Attempt {
  std::optional<Reply> reply;
  /// A byte of the command may have reached the server.
  bool left = false;
};

/// What an attempt means for its call.
///
/// | reply                                    | read      | write     | cas                   |
/// |------------------------------------------|-----------|-----------|-----------------------|
/// | nothing, and the command did not leave   | next node | next node | next node             |
/// | READONLY, LOADING, MASTERDOWN            | next node | next node | next node: not begun  |
/// | nothing whole, though it left            | fail      | info      | info                  |
/// | text, OK, 1                              | ok        | ok        | ok                    |
/// | nothing (nil), 0                         | ok: nil   | info      | fail: another value   |
/// | any other                                | fail      | info      | info                  |
///
/// Empty for "next node".
std::optional<workloads::Completion> classify(const workloads::Call& call, const Attempt& attempt);

/// `nodes` are "address:port"; `home` is a place among them.
std::unique_ptr<Client> make_client(boost::asio::io_context& io,
                                    const std::vector<std::string>& nodes, int home);

}  // namespace sunder::harness::redis
