#include "harness/driver/raft/clock_setter.h"

#include <chrono>

#include <nlohmann/json.hpp>

#include "harness/driver/raft/connection.h"
#include "node/api/admin_protocol.h"

namespace sunder::harness {

namespace asio = boost::asio;
using nemesis::ClockSetting;

namespace {

// A paused node answers when it continues; one that died breaks the connection.
constexpr auto patience = std::chrono::hours(24);

class RaftClockSetter final : public ClockSetter {
 public:
  RaftClockSetter(asio::io_context& io, const std::string& address) : connection_(io, address) {}

  // Always the same connection, so that settings take effect in order.
  asio::awaitable<std::optional<ClockSetting>> set(ClockSetting setting) override {
    admin_protocol::Request request;
    request.request = ++last_request_;
    request.action = admin_protocol::Action::clock;
    request.clock = {setting.rate, setting.ahead};
    const auto attempt = co_await connection_.ask(to_json_line(request) + "\n", request.request,
                                                  std::chrono::steady_clock::now() + patience);
    const auto* text = attempt.reply ? attempt.reply->value.text() : nullptr;
    if (text == nullptr) co_return std::nullopt;
    const auto shown = nlohmann::json::parse(*text);
    co_return ClockSetting{shown.at("rate").get<double>(),
                           std::chrono::microseconds(shown.at("ahead_us").get<std::int64_t>())};
  }

 private:
  RaftConnection connection_;
  std::uint64_t last_request_ = 0;
};

}  // namespace

std::unique_ptr<ClockSetter> make_raft_clock_setter(asio::io_context& io,
                                                    const std::string& address) {
  return std::make_unique<RaftClockSetter>(io, address);
}

}  // namespace sunder::harness
