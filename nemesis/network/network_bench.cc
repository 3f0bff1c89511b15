// What a network costs, by each of the ways that sunder has, in one run: loopback, a bridge of the
// kernel, the switch (and with a rule on every link), HAProxy if it is installed, the proxy of byte
// streams and of sunder's frames. Prints a table, or with --json one JSON object; further arguments
// are names of the table's lines, to measure only those. Each way is measured in rounds, in turn
// with the others; the best of the rounds counts, since whatever else the machine does only makes
// it worse.
//
// A ping is 64 bytes there and back. Bulk is 64 KiB at a time in one direction. CPU is that of all
// processes: client, network and server. Requests: 10,000 pings a second, spread over five nodes.

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nemesis/network/bench_ways.h"

namespace {

using namespace sunder::nemesis;
using Clock = std::chrono::steady_clock;

constexpr int rounds = 3;
constexpr int pings = 5'000;
constexpr int warm_up_pings = 500;
constexpr std::size_t bulk_bytes = std::size_t{1} << 30;
constexpr std::size_t ping_bytes = 64;
constexpr int requests_per_second = 10'000;
constexpr int requests = 10'000;

// CPU seconds of this process, and of the network's if it has one of its own.
double cpu_seconds(const BenchWay& way) {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime) + way.cpu_seconds_elsewhere();
}

// Frames of sunder's own: the framed proxy carries nothing else.
std::string message(std::size_t bytes) {
  return test_frame(sunder::FrameType::append_reply,
                    std::string(bytes - sunder::frame_header_bytes, 'p'));
}

struct Result {
  double ping_p50_us = 0;
  double ping_p99_us = 0;
  double bulk_gb_per_s = 0;
  double bulk_cpu_ms_per_mb = 0;
  double cores_at_10000_requests = 0;
};

// There and back over one connection; or back over another, if the network carries only what the
// dialer sends.
struct Pair {
  Pair(BenchWay& way, int node)
      : far_listener(way.listen(node)),
        there(way.dial(0, node, far_listener.port())),
        there_far(far_listener.accept()) {
    if (way.carries_answers()) return;
    const BenchSocket near_listener = way.listen(0);
    back_far.emplace(way.dial(node, 0, near_listener.port()));
    back.emplace(near_listener.accept());
  }

  void echo(int count) const {
    std::string pong(ping_bytes, 0);
    for (int i = 0; i < count; ++i) {
      there_far.receive_all(pong);
      (back_far ? *back_far : there_far).send(pong);
    }
  }
  void send(const std::string& ping) const { there.send(ping); }
  void receive(std::string& pong) const { (back ? *back : there).receive_all(pong); }

  BenchSocket far_listener;
  BenchSocket there;
  BenchSocket there_far;
  std::optional<BenchSocket> back_far;
  std::optional<BenchSocket> back;
};

void measure_latency(BenchWay& way, Result& result) {
  const Pair pair(way, 1);
  const std::string ping = message(ping_bytes);
  std::thread echo([&] { pair.echo(warm_up_pings + pings); });
  std::vector<double> times;
  std::string pong(ping_bytes, 0);
  for (int i = 0; i < warm_up_pings + pings; ++i) {
    const auto begin = Clock::now();
    pair.send(ping);
    pair.receive(pong);
    const std::chrono::duration<double, std::micro> time = Clock::now() - begin;
    if (i >= warm_up_pings) times.push_back(time.count());
  }
  echo.join();
  std::sort(times.begin(), times.end());
  result.ping_p50_us = times[times.size() / 2];
  result.ping_p99_us = times[times.size() * 99 / 100];
}

void measure_bulk(BenchWay& way, Result& result) {
  const BenchSocket listener = way.listen(1);
  auto sender = std::make_unique<BenchSocket>(way.dial(0, 1, listener.port()));
  const BenchSocket receiver = listener.accept();
  const std::string piece = message(std::size_t{64} << 10);
  const double cpu_before = cpu_seconds(way);
  const auto begin = Clock::now();
  std::thread sending([&] {
    for (std::size_t sent = 0; sent < bulk_bytes; sent += piece.size()) sender->send(piece);
    sender.reset();
  });
  std::string buffer(std::size_t{1} << 20, 0);
  std::size_t received = 0;
  while (const std::size_t part = receiver.receive(buffer)) received += part;
  sending.join();
  const std::chrono::duration<double> time = Clock::now() - begin;
  if (received < bulk_bytes) throw std::runtime_error("bytes were lost");
  const auto bytes = static_cast<double>(received);
  result.bulk_gb_per_s = bytes / 1e9 / time.count();
  result.bulk_cpu_ms_per_mb = (cpu_seconds(way) - cpu_before) * 1e3 / (bytes / 1e6);
}

// Each request has its own moment; a thread of each node answers, another takes the answers.
void measure_requests(BenchWay& way, Result& result) {
  constexpr int nodes = 5;
  std::vector<std::unique_ptr<Pair>> pairs;
  for (int node = 1; node <= nodes; ++node) pairs.push_back(std::make_unique<Pair>(way, node));
  std::vector<std::thread> threads;
  for (const auto& pair : pairs) {
    threads.emplace_back([&pair] { pair->echo(requests / nodes); });
  }
  threads.emplace_back([&pairs] {
    std::string pong(ping_bytes, 0);
    for (int i = 0; i < requests; ++i) {
      pairs[static_cast<std::size_t>(i % nodes)]->receive(pong);
    }
  });
  const std::string ping = message(ping_bytes);
  const double cpu_before = cpu_seconds(way);
  const auto begin = Clock::now();
  for (int i = 0; i < requests; ++i) {
    std::this_thread::sleep_until(begin +
                                  std::chrono::microseconds(1'000'000) * i / requests_per_second);
    pairs[static_cast<std::size_t>(i % nodes)]->send(ping);
  }
  for (std::thread& thread : threads) thread.join();
  const double at_full_rate = static_cast<double>(requests) / requests_per_second;
  result.cores_at_10000_requests = (cpu_seconds(way) - cpu_before) / at_full_rate;
}

// In a child process, since some ways move the process into namespaces. Nothing, with a line that
// says why, if the way is impossible here.
std::optional<Result> measure(const MakeBenchWay& make) {
  int results[2];
  if (::pipe(results) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no child process");
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    try {
      const auto way = make();
      Result result;
      measure_latency(*way, result);
      measure_bulk(*way, result);
      measure_requests(*way, result);
      if (::write(results[1], &result, sizeof result) != sizeof result) ::_exit(1);
    } catch (const std::exception& error) {
      fmt::print(stderr, "network_bench: {}\n", error.what());
      ::_exit(1);
    }
    ::_exit(0);
  }
  ::close(results[1]);
  Result result;
  const bool is_whole = ::read(results[0], &result, sizeof result) == sizeof result;
  ::close(results[0]);
  ::waitpid(child, nullptr, 0);
  return is_whole ? std::optional(result) : std::nullopt;
}

void take_better(std::optional<Result>& best, const Result& next) {
  if (!best) {
    best = next;
    return;
  }
  best->ping_p50_us = std::min(best->ping_p50_us, next.ping_p50_us);
  best->ping_p99_us = std::min(best->ping_p99_us, next.ping_p99_us);
  best->bulk_gb_per_s = std::max(best->bulk_gb_per_s, next.bulk_gb_per_s);
  best->bulk_cpu_ms_per_mb = std::min(best->bulk_cpu_ms_per_mb, next.bulk_cpu_ms_per_mb);
  best->cores_at_10000_requests =
      std::min(best->cores_at_10000_requests, next.cores_at_10000_requests);
}

struct Measured {
  std::string_view name;
  MakeBenchWay make;
  std::optional<Result> best = {};
};

void print_table(const std::vector<Measured>& all) {
  fmt::print("{:<22}{:>10}{:>10}{:>12}{:>12}{:>18}\n", "", "p50 us", "p99 us", "bulk GB/s",
             "CPU ms/MB", "cores, 10,000/s");
  for (const Measured& measured : all) {
    if (!measured.best) continue;
    const Result& best = *measured.best;
    fmt::print("{:<22}{:>10.1f}{:>10.1f}{:>12.2f}{:>12.2f}{:>18.2f}\n", measured.name,
               best.ping_p50_us, best.ping_p99_us, best.bulk_gb_per_s, best.bulk_cpu_ms_per_mb,
               best.cores_at_10000_requests);
  }
}

nlohmann::ordered_json to_json(const Measured& measured) {
  const Result& best = *measured.best;
  return {{"name", measured.name},
          {"ping_p50_us", best.ping_p50_us},
          {"ping_p99_us", best.ping_p99_us},
          {"bulk_gb_per_s", best.bulk_gb_per_s},
          {"bulk_cpu_ms_per_mb", best.bulk_cpu_ms_per_mb},
          {"cores_at_10000_requests_per_s", best.cores_at_10000_requests}};
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string_view> wanted(argv + 1, argv + argc);
  const bool table = std::erase(wanted, "--json") == 0;
  try {
    std::vector<Measured> all;
    for (const auto& [name, make] : bench_ways()) {
      const bool is_wanted = std::find(wanted.begin(), wanted.end(), name) != wanted.end();
      if (wanted.empty() || is_wanted) all.push_back({name, make});
    }
    for (int round = 0; round < rounds; ++round) {
      for (Measured& measured : all) {
        if (round > 0 && !measured.best) continue;
        if (const auto result = measure(measured.make)) take_better(measured.best, *result);
      }
    }
    if (table) {
      print_table(all);
    } else {
      nlohmann::ordered_json results = nlohmann::ordered_json::array();
      for (const Measured& measured : all) {
        if (measured.best) results.push_back(to_json(measured));
      }
      fmt::print("{}\n", nlohmann::ordered_json{{"network", results}}.dump());
    }
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "network_bench: {}\n", error.what());
    return 1;
  }
}
