#include "checker/bench/recorder_cost_bench.h"

#include <ctime>
#include <numeric>
#include <thread>
#include <vector>

#include "checker/recorder/recorder.h"

namespace sunder::checker::bench {

namespace {

double thread_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

double recorder_nanoseconds(int threads) {
  constexpr int calls = 500'000;
  Recorder recorder;
  std::vector<double> seconds(static_cast<std::size_t>(threads));
  {
    std::vector<std::jthread> running;
    for (auto& taken : seconds) {
      running.emplace_back([&taken, &client = recorder.client(calls)] {
        const double begin = thread_seconds();
        for (int i = 0; i < calls; ++i) client.invoke("write", i).ok(i);
        taken = thread_seconds() - begin;
      });
    }
  }
  return 1e9 * std::accumulate(seconds.begin(), seconds.end(), 0.0) / threads / calls;
}

}  // namespace sunder::checker::bench
