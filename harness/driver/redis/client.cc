#include "harness/driver/redis/client.h"

#include <stdexcept>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <fmt/format.h>

#include "harness/driver/client_sockets.h"
#include "harness/driver/own_failure.h"
#include "harness/driver/redis/command.h"
#include "harness/driver/roaming_client.h"
#include "node/api/address.h"

namespace sunder::harness::redis {

namespace asio = boost::asio;
using workloads::Call;
using workloads::Completion;

namespace {

constexpr std::string_view line_end = "\r\n";
std::string encode(const std::vector<std::string>& words) {
  auto text = fmt::format("*{}{}", words.size(), line_end);
  for (const auto& word : words) {
    text += fmt::format("${}{}{}{}", word.size(), line_end, word, line_end);
  }
  return text;
}

class RedisConversation final : public Conversation {
 public:
  RedisConversation(asio::io_context& io, const std::string& address)
      : endpoint_(parse_address(address)), stream_(io) {}

  asio::awaitable<std::optional<Completion>> perform(
      Call call, std::chrono::steady_clock::time_point until) override {
    const auto command = encode(command_of(call));
    // Unrequested bytes would look like the answer to this command.
    if (!received_.empty()) close();
    stream_.expires_at(until);
    const auto attempt = co_await ask(command);
    if (!attempt.reply) close();
    co_return classify(call, attempt);
  }

 private:
  asio::awaitable<Attempt> ask(std::string command) {
    Attempt attempt;
    boost::system::error_code error;
    auto use = asio::redirect_error(asio::use_awaitable, error);
    if (!connected_) {
      open_client_socket(stream_);
      co_await stream_.async_connect(endpoint_, use);
      throw_if_own_failure(error);
      if (error) co_return attempt;
      connected_ = true;
      stream_.socket().set_option(asio::ip::tcp::no_delay(true));
    }
    attempt.left = true;
    co_await asio::async_write(stream_, asio::buffer(command), use);
    std::string buffer(4096, '\0');
    while (!error) {
      const auto size = co_await stream_.async_read_some(asio::buffer(buffer), use);
      received_.append(buffer, 0, size);
      try {
        attempt.reply = take_reply(received_);
      } catch (const std::invalid_argument&) {
        co_return attempt;
      }
      if (attempt.reply) co_return attempt;
    }
    co_return attempt;
  }

  void close() {
    boost::system::error_code ignored;
    stream_.socket().close(ignored);
    received_.clear();
    connected_ = false;
  }

  asio::ip::tcp::endpoint endpoint_;
  boost::beast::tcp_stream stream_;
  std::string received_;
  bool connected_ = false;
};

}  // namespace

std::optional<Completion> classify(const Call& call, const Attempt& attempt) {
  if (!attempt.left) return std::nullopt;
  if (!attempt.reply) return unanswered(call, "no answer");
  const auto& text = attempt.reply->text;
  if (attempt.reply->kind == Reply::Kind::error) {
    for (const std::string_view not_begun : {"READONLY", "LOADING", "MASTERDOWN"}) {
      if (text.starts_with(not_begun)) return std::nullopt;
    }
    return unanswered(call, text);
  }
  return completion_of(call, *attempt.reply);
}

std::unique_ptr<Client> make_client(asio::io_context& io, const std::vector<std::string>& nodes,
                                    int home) {
  std::vector<std::unique_ptr<Conversation>> conversations;
  for (const auto& node : nodes) {
    conversations.push_back(std::make_unique<RedisConversation>(io, node));
  }
  return make_roaming_client(io, std::move(conversations), static_cast<std::size_t>(home));
}

}  // namespace sunder::harness::redis
