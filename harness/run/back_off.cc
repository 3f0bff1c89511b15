#include "harness/run/back_off.h"

#include <algorithm>

namespace sunder::harness {

namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr Milliseconds shortest_wait{1};
// Short against an election: the first call after it must not come late.
constexpr Milliseconds longest_wait{64};

}  // namespace

bool is_turned_away(const workloads::Call& call, const workloads::Completion& completion) {
  if (completion.type != history::EventType::fail) return false;
  if (completion.answer && completion.answer->found) return false;
  return !history::is_refused(call.f, completion.error);
}

std::chrono::nanoseconds BackOff::after(bool turned_away) {
  turned_away_in_a_row_ = turned_away ? turned_away_in_a_row_ + 1 : 0;
  if (turned_away_in_a_row_ < 2) return {};
  constexpr int most_doublings = 6;
  const int doublings = std::min(turned_away_in_a_row_ - 2, most_doublings);
  const auto bound = std::min(shortest_wait * (1 << doublings), longest_wait);
  std::uniform_real_distribution<double> part(0.5, 1);
  return std::chrono::duration_cast<std::chrono::nanoseconds>(bound * part(random_));
}

}  // namespace sunder::harness
