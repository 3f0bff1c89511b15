// Two state machines get the same random log. One of them is frozen, thawed and restored in
// between, at random. They must agree in every reply, in their digests and in their bytes.

#include <functional>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "node/store/command.h"
#include "node/store/state_bytes_test.h"
#include "node/store/state_machine.h"

namespace sunder::replication_differential_test {
namespace {

using client_protocol::Operation;
using client_protocol::Request;
using client_protocol::Status;

/// Commands of a few clients on a few keys, so that types, retries and refusals meet.
class RandomCommands {
 public:
  explicit RandomCommands(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return random_() % bound; }

  Request next() {
    const auto client = 1 + below(4);
    auto& last = last_[client];
    if (last.request > 0 && below(4) == 0) {
      auto again = last;
      const bool is_late = below(8) == 0;
      if (is_late) again.request -= 1;
      return again;
    }
    auto request = make(static_cast<Operation>(1 + below(14)));
    request.client = client;
    request.request = last.request + 1;
    last = request;
    return request;
  }

 private:
  Request make(Operation operation) {
    Request request;
    request.operation = operation;
    if (operation == Operation::generate) return request;
    if (operation == Operation::txn) {
      for (auto left = 1 + below(4); left > 0; --left) {
        request.operations.push_back(make(static_cast<Operation>(below(5))));
      }
      return request;
    }
    const bool is_any = operation == Operation::read || below(10) == 0;
    const auto type = is_any ? below(6) : empty_object_for(operation).index();
    request.key = std::string(1, static_cast<char>('a' + type)) + std::to_string(below(2));
    const bool has_value = operation != Operation::read && operation != Operation::increment &&
                           operation != Operation::dequeue && operation != Operation::drain;
    if (has_value) request.value = some_text();
    if (operation == Operation::cas && below(4) != 0) request.expected = some_text();
    if (operation == Operation::increment) {
      request.amount = below(20) == 0 ? INT64_MAX : static_cast<std::int64_t>(below(9)) - 4;
    }
    return request;
  }
  std::string some_text() { return std::string(below(3), static_cast<char>('x' + below(3))); }

  std::mt19937_64 random_;
  std::map<std::uint64_t, Request> last_;
};

/// What happens to a node's state between two commands.
class Troubles {
 public:
  Troubles(StateMachine& machine, RandomCommands& dice) : machine_(machine), dice_(dice) {}

  void next() {
    const auto kind = dice_.below(12);
    if (kind == 0 && !encode_) {
      as_it_was_ = bytes_of(machine_);
      encode_ = machine_.freeze();
    } else if (kind == 1) {
      end();
    } else if (kind == 2) {
      end();
      machine_.restore(bytes_of(machine_));
    }
  }

  void end() {
    if (!encode_) return;
    EXPECT_EQ(encode_(), as_it_was_) << "commands changed a snapshot";
    encode_ = nullptr;
    machine_.thaw();
  }

 private:
  StateMachine& machine_;
  RandomCommands& dice_;
  std::function<std::string()> encode_;
  std::string as_it_was_;
};

std::set<Status> agree(std::uint64_t seed) {
  RandomCommands commands(seed);
  StateMachine plain;
  StateMachine troubled;
  Troubles troubles(troubled, commands);
  std::set<Status> seen;
  for (std::uint64_t index = 1; index <= 300; ++index) {
    const auto request = commands.next();
    const auto data = encode_command(request);
    EXPECT_EQ(decode_command(data), request) << to_json_line(request);
    EXPECT_EQ(client_protocol::parse_request(to_json_line(request)), request);
    const auto entry = raft::make_entry({Term{1}, Index{index}}, raft::EntryType::command, data);
    const auto reply = plain.apply(*entry);
    EXPECT_EQ(troubled.apply(*entry), reply) << to_json_line(request) << to_json_line(reply);
    EXPECT_EQ(client_protocol::parse_reply(to_json_line(reply)), reply);
    EXPECT_EQ(troubled.digest(), plain.digest()) << to_json_line(request);
    if (testing::Test::HasFailure()) break;
    seen.insert(reply.status);
    troubles.next();
  }
  troubles.end();
  const auto bytes = bytes_of(plain);
  EXPECT_EQ(bytes_of(troubled), bytes);
  StateMachine restored;
  restored.restore(bytes);
  EXPECT_EQ(restored.digest(), plain.digest()) << "the digest of a whole state, and step by step";
  return seen;
}

TEST(ReplicationDifferential, snapshots_and_restores_change_no_reply_no_digest_and_no_byte) {
  std::set<Status> seen;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    seen.merge(agree(seed));
    if (HasFailure()) return;
  }
  using enum Status;
  EXPECT_EQ(seen, (std::set<Status>{ok, mismatch, empty, held, not_held, wrong_type, out_of_range,
                                    session_expired}));
}

}  // namespace
}  // namespace sunder::replication_differential_test
