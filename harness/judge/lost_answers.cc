#include "harness/judge/lost_answers.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "checker/history/brief.h"
#include "harness/judge/availability.h"

namespace sunder::harness {

namespace {

using history::Operation;
using history::Time;

/// In each of so many parts of the wait, others must have asked and been answered. An
/// election within the wait would leave a part without answers.
constexpr std::size_t parts_of_wait = 5;

std::int64_t worker_of(const Operation& operation, const Clients& clients) {
  return static_cast<std::int64_t>(operation.process) % clients.concurrency;
}

std::int64_t home_of(const Operation& operation, const Clients& clients) {
  return worker_of(operation, clients) % clients.nodes;
}

bool is_over(const Operation& operation) {
  return operation.returned_at > operation.invoked_at;
}

/// The answered operations of the clients that ask one node first, in the order of their returns.
using Answered = std::vector<std::vector<const Operation*>>;

Answered answered_by_home(std::span<const Operation> operations, const Clients& clients) {
  Answered answered(static_cast<std::size_t>(clients.nodes));
  for (const auto& operation : operations) {
    if (!is_answered(operation)) continue;
    answered[static_cast<std::size_t>(home_of(operation, clients))].push_back(&operation);
  }
  for (auto& of_home : answered) {
    std::sort(of_home.begin(), of_home.end(), [](const Operation* left, const Operation* right) {
      return left->returned_at < right->returned_at;
    });
  }
  return answered;
}

/// How many operations of other clients of the same node were answered during the wait; 0 if any
/// part of it had none.
std::int64_t answered_meanwhile(const Operation& waiting, const Answered& answered,
                                const Clients& clients) {
  const auto& others = answered[static_cast<std::size_t>(home_of(waiting, clients))];
  const auto part = (waiting.returned_at - waiting.invoked_at) / static_cast<int>(parts_of_wait);
  std::array<std::int64_t, parts_of_wait> counts{};
  auto other =
      std::upper_bound(others.begin(), others.end(), waiting.invoked_at,
                       [](Time time, const Operation* each) { return time < each->returned_at; });
  for (; other != others.end() && (*other)->returned_at < waiting.returned_at; ++other) {
    if (worker_of(**other, clients) == worker_of(waiting, clients)) continue;
    const auto place = std::min<std::size_t>(
        parts_of_wait - 1,
        static_cast<std::size_t>(((*other)->returned_at - waiting.invoked_at) / part));
    const auto begin = waiting.invoked_at + part * static_cast<int>(place);
    if ((*other)->invoked_at >= begin) ++counts[place];
  }
  if (std::find(counts.begin(), counts.end(), 0) != counts.end()) return 0;
  std::int64_t sum = 0;
  for (const auto count : counts) sum += count;
  return sum;
}

/// The times at which anything is done to the system, also what delays nothing by itself, such as a
/// leadership transfer.
std::vector<Time> changes_in(std::span<const history::RunRecord> records) {
  std::vector<Time> times;
  for (const auto& [time, event] : records) {
    const bool is_report = history::phase_of(event) == history::FaultPhase::report;
    if (!is_report) times.push_back(time);
  }
  std::sort(times.begin(), times.end());
  return times;
}

/// The operations that began and ended while nothing was done to the system, and for `bound`
/// before.
class Undisturbed {
 public:
  Undisturbed(std::span<const history::RunRecord> records, int nodes, Time end, Time bound)
      : spans_(quiet_spans(records, nodes, end)), changes_(changes_in(records)), bound_(bound) {}

  bool contains(const Operation& operation) const {
    const auto from = operation.invoked_at - bound_;
    const auto change = std::lower_bound(changes_.begin(), changes_.end(), from);
    if (change != changes_.end() && *change <= operation.returned_at) return false;
    return std::any_of(spans_.begin(), spans_.end(), [&](const Quiet& span) {
      return from >= span.from && operation.returned_at <= span.until;
    });
  }

 private:
  std::vector<Quiet> spans_;
  std::vector<Time> changes_;
  Time bound_;
};

}  // namespace

checker::CheckResult check_answers(std::span<const Operation> operations,
                                   std::span<const history::RunRecord> records,
                                   const Clients& clients, Time bound) {
  constexpr auto millisecond = std::chrono::milliseconds(1);
  checker::CheckResult result{"answers", checker::Validity::valid, {}, "history", {}, {}};
  Time end{0};
  for (const auto& operation : operations) end = std::max(end, operation.returned_at);
  const Undisturbed undisturbed(records, clients.nodes, end, bound);
  const auto answered = answered_by_home(operations, clients);
  std::size_t judged = 0;
  for (const auto& operation : operations) {
    if (!is_over(operation) || !undisturbed.contains(operation)) continue;
    ++judged;
    const auto wait = operation.returned_at - operation.invoked_at;
    if (wait <= bound) continue;
    const auto others = answered_meanwhile(operation, answered, clients);
    if (others == 0) continue;
    result.validity = checker::Validity::invalid;
    result.message = fmt::format(
        "client {} waited {} ms for its {} of key {} at {:.3f} s, though no fault was active and "
        "{} "
        "operations of other clients of its node were answered meanwhile: an answer was lost",
        static_cast<std::int64_t>(operation.process), wait / millisecond,
        history::printable_line(operation.f), history::brief_text(operation.key),
        history::seconds_of(operation.invoked_at), others);
    return result;
  }
  result.message = fmt::format(
      "of {} operations while no fault was active, none waited longer than {} ms while others were "
      "answered",
      judged, bound / millisecond);
  return result;
}

}  // namespace sunder::harness
