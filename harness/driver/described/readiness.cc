#include "harness/driver/described/readiness.h"

#include <utility>

#include "harness/driver/http_connection.h"

namespace sunder::harness::described {

namespace asio = boost::asio;

namespace {

/// A node that answers 200.
class PathReader final : public StatusReader {
 public:
  PathReader(asio::io_context& io, const std::string& address, std::string path,
             std::chrono::nanoseconds patience)
      : connection_(io, address), path_(std::move(path)), patience_(patience) {}

  asio::awaitable<std::optional<NodeStatus>> ask(Deadline until) override {
    const auto attempt = co_await connection_.get(path_, until);
    if (!attempt.reply || attempt.reply->status != 200) co_return std::nullopt;
    co_return NodeStatus();
  }

  std::chrono::nanoseconds patience() const override { return patience_; }

 private:
  HttpConnection connection_;
  std::string path_;
  std::chrono::nanoseconds patience_;
};

class ReaderUntilYes final : public StatusReader {
 public:
  ReaderUntilYes(std::function<asio::awaitable<bool>(Deadline)> ask,
                 std::chrono::nanoseconds patience)
      : ask_(std::move(ask)), patience_(patience) {}

  asio::awaitable<std::optional<NodeStatus>> ask(Deadline until) override {
    if (!has_said_yes_) has_said_yes_ = co_await ask_(until);
    if (!has_said_yes_) co_return std::nullopt;
    co_return NodeStatus();
  }

  std::chrono::nanoseconds patience() const override { return patience_; }

 private:
  std::function<asio::awaitable<bool>(Deadline)> ask_;
  std::chrono::nanoseconds patience_;
  bool has_said_yes_ = false;
};

}  // namespace

std::unique_ptr<StatusReader> make_path_reader(asio::io_context& io, const std::string& address,
                                               std::string path,
                                               std::chrono::nanoseconds patience) {
  return std::make_unique<PathReader>(io, address, std::move(path), patience);
}

std::unique_ptr<StatusReader> make_reader_until_yes(
    std::function<asio::awaitable<bool>(Deadline)> ask, std::chrono::nanoseconds patience) {
  return std::make_unique<ReaderUntilYes>(std::move(ask), patience);
}

}  // namespace sunder::harness::described
