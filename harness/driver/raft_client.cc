#include "harness/driver/raft_client.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <charconv>
#include <stdexcept>

#include "harness/driver/endpoint.h"

namespace sunder::harness {

namespace asio = boost::asio;
namespace protocol = client_protocol;
using history::EventType;
using workloads::Call;
using workloads::Completion;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t longest_reply_bytes = 16 << 20;
// Between two attempts, so that a cluster without a leader is not hammered.
constexpr auto pause_between_attempts = 10ms;
// A node that is silent for this share of the call's time is left for another one.
constexpr int attempts_per_timeout = 3;

std::string encode(const history::Value& value) {
  const auto* text = value.text();
  return text ? *text : history::to_json(value);
}

history::Value decode(const std::optional<std::string>& stored) {
  if (!stored) return {};
  std::int64_t integer = 0;
  const char* end = stored->data() + stored->size();
  const auto parsed = std::from_chars(stored->data(), end, integer);
  if (parsed.ec == std::errc{} && parsed.ptr == end && !stored->empty()) return integer;
  return *stored;
}

protocol::Request to_request(const Call& call, std::uint64_t client, std::uint64_t number) {
  protocol::Request request{client, number, protocol::Operation::read, call.key, {}, {}};
  if (call.f == "read") return request;
  if (call.f == "write") {
    request.operation = protocol::Operation::write;
    request.value = encode(call.value);
    return request;
  }
  const auto* pair = call.value.list();
  if (call.f != "cas" || pair == nullptr || pair->size() != 2) {
    throw std::logic_error("the raft driver does not know the operation " + call.f);
  }
  request.operation = protocol::Operation::cas;
  if (!pair->front().is_nil()) request.expected = encode(pair->front());
  request.value = encode(pair->back());
  return request;
}

class RaftClient final : public Client {
 public:
  RaftClient(asio::io_context& io, std::vector<std::string> nodes, int first,
             history::ProcessId process)
      : nodes_(std::move(nodes)),
        target_(nodes_.at(static_cast<std::size_t>(first))),
        next_node_(static_cast<std::size_t>(first)),
        client_(static_cast<std::uint64_t>(process) + 1),
        stream_(io),
        timer_(io) {}

  asio::awaitable<Completion> invoke(Call call, std::chrono::nanoseconds timeout) override {
    const auto deadline = Clock::now() + timeout;
    const auto request = to_request(call, client_, ++last_request_);
    const auto line = protocol::to_json_line(request) + "\n";
    bool maybe_taken = false;
    while (Clock::now() < deadline) {
      const auto until = std::min(deadline, Clock::now() + timeout / attempts_per_timeout);
      bool left = false;
      const auto reply = co_await attempt(line, request.request, until, left);
      maybe_taken |= left && (!reply || reply->status == protocol::Status::unknown);
      if (reply) {
        if (auto completion = classify(call, *reply)) co_return *completion;
      }
      follow(reply);
      timer_.expires_at(std::min(deadline, Clock::now() + pause_between_attempts));
      co_await timer_.async_wait(asio::use_awaitable);
    }
    const bool definite = call.f == "read" || !maybe_taken;
    co_return Completion{definite ? EventType::fail : EventType::info, call.value, "timeout"};
  }

 private:
  // Empty if the node could not be reached, broke off or was silent until `until`. `left` is set
  // once a byte of the request may have reached a node.
  asio::awaitable<std::optional<protocol::Reply>> attempt(const std::string& line,
                                                          std::uint64_t request,
                                                          Clock::time_point until, bool& left) {
    boost::system::error_code error;
    auto use = asio::redirect_error(asio::use_awaitable, error);
    stream_.expires_at(until);
    if (!connected_) {
      co_await stream_.async_connect(parse_endpoint(target_), use);
      if (error) co_return disconnect();
      connected_ = true;
      stream_.socket().set_option(asio::ip::tcp::no_delay(true));
    }
    left = true;
    co_await asio::async_write(stream_, asio::buffer(line), use);
    if (error) co_return disconnect();
    for (;;) {
      const auto size = co_await asio::async_read_until(
          stream_, asio::dynamic_buffer(received_, longest_reply_bytes), '\n', use);
      if (error) co_return disconnect();
      const auto reply = parse(std::string_view(received_).substr(0, size - 1));
      if (!reply) co_return disconnect();
      received_.erase(0, size);
      // An answer to a call that was given up is of no interest any more.
      if (reply->request == request) co_return reply;
    }
  }

  // Empty for what is no reply: a node that talks nonsense is treated as one that broke off.
  static std::optional<protocol::Reply> parse(std::string_view line) {
    try {
      return protocol::parse_reply(line);
    } catch (const std::runtime_error&) {
      return std::nullopt;
    }
  }

  std::nullopt_t disconnect() {
    boost::system::error_code ignored;
    stream_.socket().close(ignored);
    received_.clear();
    connected_ = false;
    return std::nullopt;
  }

  // Where to try next: at the leader if the node named one, else at the next node.
  void follow(const std::optional<protocol::Reply>& reply) {
    disconnect();
    if (reply && reply->leader && *reply->leader != target_) {
      target_ = *reply->leader;
      return;
    }
    next_node_ = (next_node_ + 1) % nodes_.size();
    target_ = nodes_[next_node_];
  }

  std::vector<std::string> nodes_;
  std::string target_;
  std::size_t next_node_;
  std::uint64_t client_;
  std::uint64_t last_request_ = 0;
  boost::beast::tcp_stream stream_;
  asio::steady_timer timer_;
  std::string received_;
  bool connected_ = false;
};

}  // namespace

std::optional<Completion> classify(const Call& call, const protocol::Reply& reply) {
  const bool read = call.f == "read";
  switch (reply.status) {
    case protocol::Status::ok:
      return Completion{EventType::ok, read ? decode(reply.value) : call.value, {}};
    case protocol::Status::mismatch:
      return Completion{EventType::fail, call.value, "mismatch"};
    case protocol::Status::session_expired:
      return Completion{read ? EventType::fail : EventType::info, call.value, "session expired"};
    case protocol::Status::bad_request:
      return Completion{EventType::fail, call.value, reply.message};
    case protocol::Status::not_leader:
    case protocol::Status::unknown:
      break;
  }
  return std::nullopt;
}

std::unique_ptr<Client> make_raft_client(asio::io_context& io, std::vector<std::string> nodes,
                                         int first, history::ProcessId process) {
  return std::make_unique<RaftClient>(io, std::move(nodes), first, process);
}

}  // namespace sunder::harness
