#include "harness/driver/http_connection.h"

#include <chrono>
#include <optional>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sunder::harness {
namespace {

using boost::asio::ip::tcp;
using namespace std::chrono_literals;

const std::string whole_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

struct HttpConnectionTest : testing::Test {
  boost::asio::io_context io;
  tcp::acceptor door{io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
  HttpConnection connection{io, fmt::format("127.0.0.1:{}", door.local_endpoint().port())};
  tcp::socket served{io};
  std::string request;

  // Answers the next request with these bytes, and then says and does nothing.
  void answer(const std::string& bytes) {
    boost::asio::async_read_until(served, boost::asio::dynamic_buffer(request), "\r\n\r\n",
                                  [this, bytes](boost::system::error_code error, std::size_t) {
                                    if (!error)
                                      boost::asio::write(served, boost::asio::buffer(bytes));
                                    request.clear();
                                  });
  }
  void accept_and_answer(const std::string& bytes) {
    door.async_accept(served, [this, bytes](boost::system::error_code) { answer(bytes); });
  }

  HttpAttempt ask(std::chrono::nanoseconds patience = 30s) {
    std::optional<HttpAttempt> attempt;
    boost::asio::co_spawn(io, connection.get("/", std::chrono::steady_clock::now() + patience),
                          [&attempt](const std::exception_ptr& failure, HttpAttempt with) {
                            if (failure) std::rethrow_exception(failure);
                            attempt = std::move(with);
                          });
    io.restart();
    while (!attempt) io.run_one();
    return *attempt;
  }
};

TEST_F(HttpConnectionTest, is_kept_from_one_request_to_the_next) {
  accept_and_answer(whole_answer);
  EXPECT_EQ(ask().reply->body, "hi");
  answer(whole_answer);
  EXPECT_EQ(ask().reply->status, 200U);
}

TEST_F(HttpConnectionTest, silence_ends_with_the_time_and_may_have_been_heard) {
  accept_and_answer("");
  const auto attempt = ask(30ms);
  EXPECT_FALSE(attempt.reply);
  EXPECT_TRUE(attempt.left);
}

TEST_F(HttpConnectionTest, half_an_answer_is_none) {
  accept_and_answer(whole_answer.substr(0, whole_answer.size() - 1));
  const auto attempt = ask(30ms);
  EXPECT_FALSE(attempt.reply);
  EXPECT_TRUE(attempt.left);
}

TEST_F(HttpConnectionTest,
       a_server_that_restarts_in_mid_request_may_have_heard_it_and_is_dialed_again) {
  accept_and_answer(whole_answer);
  EXPECT_TRUE(ask().reply);
  served.close();
  const auto broken = ask();
  EXPECT_FALSE(broken.reply);
  EXPECT_TRUE(broken.left);
  accept_and_answer(whole_answer);
  EXPECT_TRUE(ask().reply);
}

TEST_F(HttpConnectionTest, what_is_refused_has_not_left) {
  door.close();
  const auto attempt = ask();
  EXPECT_FALSE(attempt.reply);
  EXPECT_FALSE(attempt.left);
}

}  // namespace
}  // namespace sunder::harness
