#include "harness/driver/redis/client.h"

#include <charconv>
#include <stdexcept>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <fmt/format.h>

#include "harness/driver/own_failure.h"
#include "harness/driver/roaming_client.h"
#include "harness/driver/value_text.h"
#include "node/api/address.h"

namespace sunder::harness::redis {

namespace asio = boost::asio;
using history::EventType;
using workloads::Call;
using workloads::Completion;

namespace {

constexpr std::string_view line_end = "\r\n";
// Answers 1, or what it found. GETEX counts as writing, so that no replica answers.
constexpr const char* compare_and_set =
    "local found=redis.call('getex',KEYS[1]) "
    "if found==ARGV[1] then redis.call('set',KEYS[1],ARGV[2]) return 1 else return found end";

std::vector<std::string> words_of(const Call& call) {
  if (call.f == "read") return {"GETEX", call.key};
  if (call.f == "write") return {"SET", call.key, to_stored_text(call.value)};
  const auto* pair = call.value.list();
  if (call.f != "cas" || pair == nullptr || pair->size() != 2 || pair->front().is_nil()) {
    throw std::logic_error("the redis driver does not know the operation " + call.f);
  }
  return {"EVAL",
          compare_and_set,
          "1",
          call.key,
          to_stored_text(pair->front()),
          to_stored_text(pair->back())};
}

std::string encode(const std::vector<std::string>& words) {
  auto text = fmt::format("*{}{}", words.size(), line_end);
  for (const auto& word : words) {
    text += fmt::format("${}{}{}{}", word.size(), line_end, word, line_end);
  }
  return text;
}

Completion doubtful(const Call& call, std::string why) {
  return {call.f == "read" ? EventType::fail : EventType::info, call.value, std::move(why)};
}

class RedisConversation final : public Conversation {
 public:
  RedisConversation(asio::io_context& io, const std::string& address)
      : endpoint_(parse_address(address)), stream_(io) {}

  asio::awaitable<std::optional<Completion>> perform(
      Call call, std::chrono::steady_clock::time_point until) override {
    const auto command = encode(words_of(call));
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

std::optional<Reply> take_reply(std::string& received) {
  const auto end = received.find(line_end);
  if (end == std::string::npos) return std::nullopt;
  const auto line = received.substr(1, end - 1);
  auto consumed = end + line_end.size();
  Reply reply;
  switch (received.front()) {
    case '+':
      reply = {Reply::Kind::text, line};
      break;
    case '-':
      reply = {Reply::Kind::error, line};
      break;
    case ':':
      reply = {Reply::Kind::integer, line};
      break;
    case '$': {
      long size = 0;
      const auto parsed = std::from_chars(line.data(), line.data() + line.size(), size);
      if (parsed.ec != std::errc{} || size < -1) throw std::invalid_argument("no reply: " + line);
      if (size < 0) break;
      const auto length = static_cast<std::size_t>(size);
      if (received.size() < consumed + length + line_end.size()) return std::nullopt;
      reply = {Reply::Kind::text, received.substr(consumed, length)};
      consumed += length + line_end.size();
      break;
    }
    default:
      throw std::invalid_argument("no reply: " + received.substr(0, 100));
  }
  received.erase(0, consumed);
  return reply;
}

std::optional<Completion> classify(const Call& call, const Attempt& attempt) {
  if (!attempt.left) return std::nullopt;
  if (!attempt.reply) return doubtful(call, "no answer");
  const auto& [kind, text] = *attempt.reply;
  if (kind == Reply::Kind::error) {
    for (const std::string_view not_begun : {"READONLY", "LOADING", "MASTERDOWN"}) {
      if (text.starts_with(not_begun)) return std::nullopt;
    }
    return doubtful(call, text);
  }
  if (call.f == "read" && kind == Reply::Kind::text) {
    return Completion{EventType::ok, from_stored_text(text), {}};
  }
  if (call.f == "read" && kind == Reply::Kind::nothing) return Completion{EventType::ok, {}, {}};
  if (call.f == "write" && kind == Reply::Kind::text && text == "OK") {
    return Completion{EventType::ok, call.value, {}};
  }
  if (call.f == "cas" && kind == Reply::Kind::integer && text == "1") {
    return Completion{EventType::ok, call.value, {}};
  }
  if (call.f == "cas" && (kind == Reply::Kind::text || kind == Reply::Kind::nothing)) {
    history::Answer answer;
    answer.found = kind == Reply::Kind::text ? from_stored_text(text) : history::Value();
    return Completion{EventType::fail, call.value, "mismatch", std::move(answer)};
  }
  return doubtful(call, "no reply to this command");
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
