#include "harness/driver/zookeeper/client.h"

#include <optional>
#include <set>
#include <stdexcept>
#include <utility>
#include <variant>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "harness/driver/client_sockets.h"
#include "harness/driver/own_failure.h"
#include "harness/driver/roaming_client.h"
#include "harness/driver/value_text.h"
#include "harness/driver/zookeeper/jute.h"
#include "harness/driver/zookeeper/objects.h"
#include "node/api/address.h"

namespace sunder::harness::zookeeper {

namespace asio = boost::asio;
using history::EventType;
using workloads::Call;
using workloads::Completion;
using workloads::Kind;

namespace {

enum Operation : std::int32_t {
  create = 1,
  remove = 2,
  get_data = 4,
  set_data = 5,
  get_children = 8,
  catch_up = 9,
  multi = 14
};
enum Error : int { no_node = -101, bad_version = -103, node_exists = -110 };

constexpr std::int32_t session_timeout_ms = 30000;
constexpr std::int32_t any_version = -1;
constexpr std::int32_t longest_message_bytes = 16 << 20;
// Written before a read that is to see all that came before it. No key of a workload has a dot.
constexpr const char* barrier = "/sunder.barrier";

constexpr const char* ids_key = "sunder.ids";

std::string path_for(const Call& call) {
  if (call.kind == Kind::accounts) return accounts_path();
  return path_of(call.f == "generate" ? ids_key : call.key);
}

/// One session with one server.
class Session {
 public:
  Session(asio::io_context& io, const std::string& address)
      : endpoint_(parse_address(address)), stream_(io) {}

  /// False without a session: then no request was sent.
  asio::awaitable<bool> open(std::chrono::steady_clock::time_point until) {
    stream_.expires_at(until);
    if (is_open_) co_return true;
    boost::system::error_code error;
    open_client_socket(stream_);
    co_await stream_.async_connect(endpoint_, asio::redirect_error(asio::use_awaitable, error));
    throw_if_own_failure(error);
    if (error) {
      close();
      co_return false;
    }
    stream_.socket().set_option(asio::ip::tcp::no_delay(true));
    Encoder hello;
    hello.i32(0).i64(0).i32(session_timeout_ms).i64(0).text(std::string(16, '\0')).boolean(false);
    const auto welcome = co_await exchange(hello.message());
    is_open_ = welcome.has_value();
    if (!is_open_) close();
    co_return is_open_;
  }

  /// Without an answer the session is closed.
  asio::awaitable<std::optional<Answer>> ask(Operation operation, std::string body) {
    const auto message = co_await exchange(with_header(operation, body));
    std::optional<Answer> answer;
    try {
      if (message) {
        Decoder decoder(*message);
        const auto id = decoder.i32();
        const auto zxid = decoder.i64();
        const auto error = decoder.i32();
        if (id == last_id_) answer = Answer{error, std::string(decoder.rest()), zxid};
      }
    } catch (const std::invalid_argument&) {
      answer.reset();
    }
    if (!answer) close();
    co_return answer;
  }

 private:
  std::string with_header(Operation operation, const std::string& body) {
    Encoder header;
    header.i32(++last_id_).i32(operation);
    auto message = header.message().substr(sizeof(std::int32_t)) + body;
    Encoder framed;
    framed.text(message);
    return framed.message().substr(sizeof(std::int32_t));
  }

  // Nothing if the connection breaks or the time is up.
  asio::awaitable<std::optional<std::string>> exchange(std::string message) {
    boost::system::error_code error;
    auto use = asio::redirect_error(asio::use_awaitable, error);
    co_await asio::async_write(stream_, asio::buffer(message), use);
    if (error) co_return std::nullopt;
    std::string size_bytes(sizeof(std::int32_t), '\0');
    co_await asio::async_read(stream_, asio::buffer(size_bytes), use);
    if (error) co_return std::nullopt;
    const auto size = Decoder(size_bytes).i32();
    if (size < 0 || size > longest_message_bytes) co_return std::nullopt;
    std::string answer(static_cast<std::size_t>(size), '\0');
    co_await asio::async_read(stream_, asio::buffer(answer), use);
    if (error) co_return std::nullopt;
    co_return answer;
  }

  void close() {
    boost::system::error_code ignored;
    stream_.socket().close(ignored);
    is_open_ = false;
  }

  asio::ip::tcp::endpoint endpoint_;
  boost::beast::tcp_stream stream_;
  std::int32_t last_id_ = 0;
  bool is_open_ = false;
};

std::string bytes_of(const Encoder& encoder) {
  return encoder.message().substr(sizeof(std::int32_t));
}

// What was read did not hold any more; nothing was changed.
constexpr const char* mismatch = "mismatch";
constexpr const char* unread = "no answer to the reading";

Completion done(const Call& call, const Answer& answer) {
  // No two changes have one zxid.
  const bool is_numbered = call.f == "acquire" || call.f == "generate";
  Completion completion{EventType::ok, is_numbered ? history::Value(answer.zxid) : call.value, {}};
  if (call.kind == Kind::register_) return completion;
  completion.answer.emplace();
  completion.answer->revision = answer.zxid;
  return completion;
}

class ZooKeeperConversation final : public Conversation {
 public:
  ZooKeeperConversation(asio::io_context& io, const std::string& address, Sync sync)
      : session_(io, address), sync_(sync) {}

  asio::awaitable<std::optional<Completion>> perform(
      Call call, std::chrono::steady_clock::time_point until) override {
    const bool is_open = co_await session_.open(until);
    if (!is_open) co_return std::nullopt;
    if (call.f == "open") co_return co_await open_accounts(call);
    if (call.f == "read" && call.kind == Kind::accounts) {
      co_return co_await read_accounts(call, until);
    }
    const bool changes_set = call.kind == Kind::set && call.f != "read";
    if (is_guarded(call) || changes_set) co_return co_await perform_guarded(call, until);
    if (call.f == "read") co_return co_await read(call);
    if (call.f == "write" || call.f == "generate") co_return co_await write(call);
    if (call.f == "acquire") co_return co_await acquire(call);
    if (call.f == "release") co_return co_await release(call);
    const auto* pair = call.value.list();
    if (call.f != "cas" || pair == nullptr || pair->size() != 2) {
      throw std::logic_error("the zookeeper driver does not know the operation " + call.f);
    }
    co_return co_await compare_and_set(call, pair->front(), pair->back());
  }

 private:
  struct Node {
    /// Absent if the node is.
    std::optional<std::string> text;
    std::int32_t version = 0;
    /// The zxid of its last change.
    std::int64_t changed_at = 0;
  };

  // Nothing without an answer.
  asio::awaitable<std::optional<Node>> find(std::string path) {
    Encoder body;
    body.text(path).boolean(false);
    const auto answer = co_await session_.ask(get_data, bytes_of(body));
    if (!answer) co_return std::nullopt;
    if (answer->error == no_node) co_return Node();
    if (answer->error != 0) co_return std::nullopt;
    try {
      Decoder decoder(answer->body);
      Node node;
      node.text = decoder.text();
      // When it was created and changed, as zxid and as time; then the version.
      decoder.i64();
      node.changed_at = decoder.i64();
      decoder.i64();
      decoder.i64();
      node.version = decoder.i32();
      co_return node;
    } catch (const std::invalid_argument&) {
      co_return std::nullopt;
    }
  }

  asio::awaitable<bool> catch_up_as_promised(Call call) {
    if (sync_ == Sync::quorum) co_return co_await write_barrier();
    if (sync_ == Sync::leader) co_return co_await catch_up_with_leader(call);
    co_return true;
  }

  asio::awaitable<Completion> read(Call call) {
    const Completion failed{EventType::fail, call.value, "no answer"};
    const bool is_up_to_date = co_await catch_up_as_promised(call);
    if (!is_up_to_date) co_return failed;
    const auto found = co_await find(path_for(call));
    if (!found) co_return failed;
    Completion completion{EventType::ok, value_in(call.kind, found->text), {}};
    if (call.kind == Kind::versioned_register && found->text) {
      completion.answer.emplace();
      completion.answer->revision = found->changed_at;
    }
    co_return completion;
  }

  // The server answers this session once it has applied the write, and so all writes before it.
  asio::awaitable<bool> write_barrier() {
    auto answer = co_await set(barrier, "", any_version);
    if (answer && answer->error == no_node) {
      const auto creating = bytes_of(creation(barrier, ""));
      answer = co_await session_.ask(create, creating);
    }
    co_return answer && (answer->error == 0 || answer->error == node_exists);
  }

  asio::awaitable<bool> catch_up_with_leader(Call call) {
    Encoder body;
    body.text(path_for(call));
    const auto answer = co_await session_.ask(catch_up, bytes_of(body));
    co_return answer && (answer->error == 0 || answer->error == no_node);
  }

  asio::awaitable<std::optional<Answer>> set(std::string path, std::string text,
                                             std::int32_t version) {
    Encoder body;
    body.text(path).text(text).i32(version);
    co_return co_await session_.ask(set_data, bytes_of(body));
  }

  // Two rounds at most: no client deletes a node that is written.
  asio::awaitable<Completion> write(Call call) {
    const auto text = call.f == "generate" ? std::string() : to_stored_text(call.value);
    auto answer = co_await set(path_for(call), text, any_version);
    auto completion = classify_change(call, answer);
    if (completion) co_return *completion;
    const auto creating = bytes_of(creation(path_for(call), text));
    answer = co_await session_.ask(create, creating);
    completion = classify_change(call, answer);
    if (completion) co_return *completion;
    answer = co_await set(path_for(call), text, any_version);
    completion = classify_change(call, answer);
    if (completion) co_return *completion;
    co_return Completion{EventType::fail, call.value, "the node is neither there nor absent"};
  }

  asio::awaitable<Completion> compare_and_set(Call call, history::Value expected,
                                              history::Value value) {
    const auto found = co_await find(path_for(call));
    if (!found) co_return Completion{EventType::fail, call.value, unread};
    // A server answers the reading from its own state, which may be old: it is no evidence of what
    // the cas found.
    if (value_in(call.kind, found->text) != expected)
      co_return Completion{EventType::fail, call.value, "mismatch"};
    std::optional<Answer> answer;
    if (expected.is_nil()) {
      const auto creating = bytes_of(creation(path_for(call), to_stored_text(value)));
      answer = co_await session_.ask(create, creating);
    } else {
      answer = co_await set(path_for(call), to_stored_text(value), found->version);
    }
    const auto completion = classify_change(call, answer);
    co_return *completion;
  }

  asio::awaitable<Completion> acquire(Call call) {
    const auto creating = bytes_of(creation(path_for(call), to_stored_text(call.value)));
    const auto answer = co_await session_.ask(create, creating);
    co_return *classify_change(call, answer);
  }

  asio::awaitable<Completion> release(Call call) {
    const auto found = co_await find(path_for(call));
    if (!found) co_return Completion{EventType::fail, call.value, unread};
    if (value_in(call.kind, found->text) != call.value) {
      co_return Completion{EventType::fail, call.value, "not held"};
    }
    Encoder body;
    body.text(path_for(call)).i32(found->version);
    const auto answer = co_await session_.ask(remove, bytes_of(body));
    co_return *classify_change(call, answer);
  }

  asio::awaitable<Completion> open_accounts(Call call) {
    const auto body = bytes_of(opening_of(call));
    const auto answer = whole(co_await session_.ask(multi, body));
    co_return *classify_change(call, answer);
  }

  // The names never change once they are there.
  asio::awaitable<std::optional<std::set<std::string>>> find_accounts(Call call) {
    if (!accounts_.empty()) co_return accounts_;
    const bool is_up_to_date = co_await catch_up_as_promised(call);
    if (!is_up_to_date) co_return std::nullopt;
    Encoder body;
    body.text(accounts_path()).boolean(false);
    const auto answer = co_await session_.ask(get_children, bytes_of(body));
    if (!answer) co_return std::nullopt;
    try {
      if (answer->error == 0) accounts_ = accounts_in(answer->body);
    } catch (const std::invalid_argument&) {
      co_return std::nullopt;
    }
    co_return accounts_;
  }

  // The nodes are read one by one. So a multi checks that all of them are so at one time.
  asio::awaitable<Completion> read_accounts(Call call,
                                            std::chrono::steady_clock::time_point until) {
    const auto accounts = co_await find_accounts(call);
    if (!accounts) co_return Completion{EventType::fail, call.value, unread};
    if (accounts->empty()) {
      co_return Completion{EventType::fail, call.value, "there are no accounts"};
    }
    while (true) {
      const auto snapshot = co_await look(*accounts);
      if (!snapshot) co_return Completion{EventType::fail, call.value, unread};
      Completion found{EventType::ok, balances_in(*snapshot), {}};
      if (sync_ == Sync::none) co_return found;
      const auto body = bytes_of(multi_of(*snapshot, {}));
      const auto checked = classify_change(call, whole(co_await session_.ask(multi, body)));
      if (checked->type == EventType::ok) co_return found;
      const bool is_conflict = checked->error == mismatch;
      if (is_conflict && std::chrono::steady_clock::now() < until) continue;
      co_return Completion{EventType::fail, call.value, checked->error};
    }
  }

  // Nothing without an answer to each reading.
  asio::awaitable<std::optional<Snapshot>> look(std::set<std::string> keys) {
    Snapshot snapshot;
    for (const auto& key : keys) {
      const auto found = co_await find(path_of(key));
      if (!found) co_return std::nullopt;
      snapshot[key] = Found{found->text, found->version};
    }
    co_return snapshot;
  }

  asio::awaitable<Completion> perform_guarded(Call call,
                                              std::chrono::steady_clock::time_point until) {
    while (true) {
      const auto snapshot = co_await look(keys_of(call));
      if (!snapshot) co_return Completion{EventType::fail, call.value, unread};
      auto next = change_of(call, *snapshot);
      auto* ended = std::get_if<Completion>(&next);
      if (ended != nullptr && sync_ == Sync::none) co_return std::move(*ended);
      // The keys were read one by one, from a server that may be behind: what follows from them
      // counts if they are so at one time, also if nothing is to change.
      const auto change = ended != nullptr ? Change() : std::move(std::get<Change>(next));
      const auto body = bytes_of(multi_of(*snapshot, change));
      auto completion = *classify_change(call, whole(co_await session_.ask(multi, body)));
      if (completion.type == EventType::ok && ended == nullptr) completion.value = change.answer;
      if (completion.type == EventType::ok && ended != nullptr) {
        ended->answer = ended->answer ? ended->answer : completion.answer;
        co_return std::move(*ended);
      }
      const bool is_conflict = completion.type == EventType::fail && completion.error == mismatch;
      if (is_conflict && std::chrono::steady_clock::now() < until) continue;
      // Without a change nothing can have happened.
      if (ended != nullptr) completion.type = EventType::fail;
      co_return completion;
    }
  }

  /// The answer to a multi has the errors of its operations in its body.
  static std::optional<Answer> whole(std::optional<Answer> answer) {
    if (!answer || answer->error != 0) return answer;
    try {
      answer->error = error_of_multi(answer->body);
    } catch (const std::invalid_argument&) {
      return std::nullopt;
    }
    return answer;
  }

  Session session_;
  Sync sync_;
  /// Their keys. Empty until they are known.
  std::set<std::string> accounts_;
};

}  // namespace

std::optional<Completion> classify_change(const Call& call, const std::optional<Answer>& answer) {
  if (!answer) return Completion{EventType::info, call.value, "no answer"};
  if (answer->error == 0) return done(call, *answer);
  const bool compares = call.f != "write" && call.f != "generate";
  const bool finds_a_node = answer->error == no_node || answer->error == node_exists;
  if (finds_a_node && !compares) return std::nullopt;
  if (compares && (finds_a_node || answer->error == bad_version)) {
    const auto* why = call.f == "acquire"   ? "held"
                      : call.f == "release" ? "not held"
                      : call.f == "open"    ? "the accounts exist"
                                            : mismatch;
    return Completion{EventType::fail, call.value, why};
  }
  return Completion{EventType::info, call.value, "error " + std::to_string(answer->error)};
}

std::unique_ptr<Client> make_client(asio::io_context& io, const std::vector<std::string>& nodes,
                                    int home, Sync sync) {
  std::vector<std::unique_ptr<Conversation>> conversations;
  for (const auto& node : nodes) {
    conversations.push_back(std::make_unique<ZooKeeperConversation>(io, node, sync));
  }
  return make_roaming_client(io, std::move(conversations), static_cast<std::size_t>(home));
}

}  // namespace sunder::harness::zookeeper
