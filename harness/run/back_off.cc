#include "harness/run/back_off.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace sunder::harness {

namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr Milliseconds shortest{1};
// Short against an election: the first call after it must not come late.
constexpr Milliseconds longest{64};

/// What fails without an error because of the state that it met.
bool may_find_another_state(std::string_view f) {
  constexpr std::array<std::string_view, 4> functions{"cas", "dequeue", "acquire", "release"};
  return std::find(functions.begin(), functions.end(), f) != functions.end();
}

}  // namespace

bool is_refusal(const workloads::Call& call, const workloads::Completion& completion) {
  if (completion.type != history::EventType::fail) return false;
  if (completion.answer && completion.answer->found) return false;
  return !may_find_another_state(call.f) || !completion.error.empty();
}

std::chrono::nanoseconds BackOff::after(bool refused) {
  refusals_in_a_row_ = refused ? refusals_in_a_row_ + 1 : 0;
  if (refusals_in_a_row_ < 2) return {};
  constexpr int most_doublings = 6;
  const int doublings = std::min(refusals_in_a_row_ - 2, most_doublings);
  const auto bound = std::min(shortest * (1 << doublings), longest);
  std::uniform_real_distribution<double> part(0.5, 1);
  return std::chrono::duration_cast<std::chrono::nanoseconds>(bound * part(random_));
}

}  // namespace sunder::harness
