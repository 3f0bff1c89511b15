#include "harness/run/stall_watch.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <unistd.h>

namespace sunder::harness {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto beat = 100ms;
// A busy machine is late by less, and elections bear it.
constexpr auto least_stall = 500ms;
// How often, and how much of it a process must have waited. With twice as many busy processes as
// processors each waits for half of the time; that much is borne.
constexpr auto round = 1s;
constexpr auto least_wait = 750ms;

/// For how long the kernel has let the process wait for a processor; zero if it is gone or the
/// kernel does not say.
std::chrono::nanoseconds wait_of(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/schedstat", process));
  std::int64_t ran = 0;
  std::int64_t waited = 0;
  file >> ran >> waited;
  return std::chrono::nanoseconds(file ? waited : 0);
}

}  // namespace

Waits waits_of(std::vector<pid_t> processes) {
  processes.push_back(::getpid());
  Waits waits;
  for (const auto process : processes) waits[process] = wait_of(process);
  return waits;
}

std::chrono::nanoseconds StallWatch::longest_wait() {
  auto waited = ask_waits_();
  std::chrono::nanoseconds longest{0};
  for (const auto& [process, so_far] : waited) {
    const auto before = waited_.find(process);
    if (before != waited_.end()) longest = std::max(longest, so_far - before->second);
  }
  waited_ = std::move(waited);
  return longest;
}

asio::awaitable<void> StallWatch::watch() {
  auto round_began = std::chrono::steady_clock::now();
  while (!stopped_) {
    const auto due = std::chrono::steady_clock::now() + beat;
    timer_.expires_at(due);
    boost::system::error_code cancelled;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    const auto late = std::chrono::steady_clock::now() - due;
    if (late >= least_stall) on_stall_(late);
    const auto now = std::chrono::steady_clock::now();
    if (now - round_began < round) continue;
    if (longest_wait() >= least_wait) on_stall_(now - round_began);
    round_began = now;
  }
}

void StallWatch::stop() {
  stopped_ = true;
  timer_.cancel();
}

}  // namespace sunder::harness
