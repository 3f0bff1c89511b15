#include "harness/simulation/virtual_time.h"

#include <exception>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

namespace sunder::harness::simulation {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct TimeForTests {
  simulator::EventQueue events;
  asio::io_context io;
  VirtualTime time{events, io};
  std::string said;
  int under_way = 0;

  asio::awaitable<void> say_at(raft::Time when, char word) {
    const auto alarm = time.make_alarm();
    alarm->set(VirtualTime::Clock::time_point(when));
    co_await alarm->wait();
    said += word;
  }
  void begin(asio::awaitable<void> part) {
    ++under_way;
    asio::co_spawn(io, std::move(part), [this](const std::exception_ptr& failure) {
      if (failure) std::rethrow_exception(failure);
      --under_way;
    });
  }
  void run() {
    time.run_until([this] { return under_way == 0; });
  }
};

TEST(VirtualTime, alarms_ring_in_their_order_and_an_hour_takes_no_time) {
  TimeForTests test;
  test.begin(test.say_at(1h, 'c'));
  test.begin(test.say_at(2ms, 'b'));
  test.begin(test.say_at(1ms, 'a'));
  test.run();
  EXPECT_EQ(test.said, "abc");
  EXPECT_EQ(test.events.now(), 1h);
}

TEST(VirtualTime, a_cancelled_alarm_rings_at_once) {
  TimeForTests test;
  const auto alarm = test.time.make_alarm();
  alarm->set(VirtualTime::Clock::time_point(1h));
  test.events.after(5ms, [&alarm] { alarm->cancel(); });
  test.begin(alarm->wait());
  test.run();
  EXPECT_EQ(test.events.now(), 5ms);
}

TEST(VirtualTime, an_alarm_that_is_set_again_does_not_ring_for_its_earlier_time) {
  TimeForTests test;
  const auto alarm = test.time.make_alarm();
  alarm->set(VirtualTime::Clock::time_point(10ms));
  test.events.after(5ms, [&alarm] { alarm->cancel(); });
  test.begin(alarm->wait());
  test.run();
  alarm->set(VirtualTime::Clock::time_point(20ms));
  test.begin(alarm->wait());
  test.run();
  EXPECT_EQ(test.events.now(), 20ms);
}

TEST(VirtualTime, says_so_when_nothing_is_left_to_wait_for) {
  TimeForTests test;
  test.begin(test.say_at(raft::Time::max(), 'x'));
  EXPECT_THROW(test.run(), std::runtime_error);
}

}  // namespace
}  // namespace sunder::harness::simulation
