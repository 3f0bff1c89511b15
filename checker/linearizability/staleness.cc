#include "checker/linearizability/staleness.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "checker/linearizability/value_table.h"
#include "checker/models/register.h"

namespace sunder::checker {

namespace {

using history::never;
using history::Operation;
using history::Position;
using history::Value;

constexpr Position the_beginning = -1;

/// Counts of positions up to a bound (a Fenwick tree).
class PrefixCounts {
 public:
  explicit PrefixCounts(std::size_t size) : counts_(size + 1, 0) {}
  void add(std::size_t index) {
    for (++index; index < counts_.size(); index += index & (~index + 1)) ++counts_[index];
  }
  /// Of the first `end` indexes.
  std::size_t before(std::size_t end) const {
    std::size_t sum = 0;
    for (; end > 0; end -= end & (~end + 1)) sum += counts_[end];
    return sum;
  }

 private:
  std::vector<std::size_t> counts_;
};

class StaleReads {
 public:
  StaleReads(std::span<const Operation* const> operations, const Value& initial, Budget& budget)
      : operations_(operations), initial_(initial), budget_(budget) {}

  std::vector<StaleRead> find() {
    if (!collect_writes()) return {};
    for (const auto* operation : operations_) {
      if (Register::observes(*operation) && must_happen(*operation)) look_at(*operation);
    }
    count_writes();
    return std::move(found_);
  }

 private:
  bool collect_writes();
  void look_at(const Operation& read);
  void count_writes();

  std::span<const Operation* const> operations_;
  const Value& initial_;
  Budget& budget_;
  /// For each value: the last return of a write of it.
  ValueMap<Position> last_returns_;
  /// The ok writes, by invocation, and from each on the first one to return.
  std::vector<const Operation*> writes_;
  std::vector<const Operation*> first_to_return_;
  std::vector<StaleRead> found_;
  /// Of each read found: the number of writes that began before its value was certainly written.
  std::vector<std::size_t> begin_;
};

bool StaleReads::collect_writes() {
  last_returns_.of(initial_) = the_beginning;
  for (const auto* operation : operations_) {
    budget_.spend();
    if (operation->f != "read" && operation->f != "write" && operation->f != "cas") return false;
    if (is_void(*operation) || Register::observes(*operation)) continue;
    auto& last = last_returns_.of(Register::written_by(*operation));
    last = std::max(last, operation->returned);
    if (must_happen(*operation)) writes_.push_back(operation);
  }
  first_to_return_ = writes_;
  for (std::size_t i = writes_.size(); i-- > 1;) {
    if (first_to_return_[i]->returned < first_to_return_[i - 1]->returned) {
      first_to_return_[i - 1] = first_to_return_[i];
    }
  }
  return true;
}

void StaleReads::look_at(const Operation& read) {
  budget_.spend();
  const auto known = last_returns_.size();
  const auto number = last_returns_.number_of(read.result);
  if (number >= known) last_returns_[number] = never;  // Nobody wrote it.
  const auto written = last_returns_[number];
  if (written >= read.invoked) return;
  const auto next =
      std::upper_bound(writes_.begin(), writes_.end(), written,
                       [](Position at, const Operation* write) { return at < write->invoked; });
  if (next == writes_.end()) return;
  const auto place = static_cast<std::size_t>(next - writes_.begin());
  const auto& overwriting = *first_to_return_[place];
  if (overwriting.returned > read.invoked) return;
  const auto age = read.invoked_at - overwriting.returned_at;
  found_.push_back({&read, {std::max(history::Time{0}, age), 0}});
  begin_.push_back(place);
}

/// The writes from `begin_` on that returned before the read was invoked.
void StaleReads::count_writes() {
  std::vector<std::size_t> by_return(writes_.size());
  std::iota(by_return.begin(), by_return.end(), 0);
  std::sort(by_return.begin(), by_return.end(), [&](std::size_t left, std::size_t right) {
    return writes_[left]->returned < writes_[right]->returned;
  });
  PrefixCounts counts(writes_.size());
  auto next = by_return.begin();
  std::size_t added = 0;
  // The reads are sorted by invocation.
  for (std::size_t i = 0; i < found_.size(); ++i) {
    budget_.spend();
    for (; next != by_return.end() && writes_[*next]->returned < found_[i].read->invoked; ++next) {
      counts.add(*next);
      ++added;
    }
    found_[i].stale.writes = added - counts.before(begin_[i]);
  }
}

}  // namespace

std::vector<StaleRead> stale_reads(std::span<const Operation* const> operations,
                                   const Value& initial, Budget& budget) {
  return StaleReads(operations, initial, budget).find();
}

std::optional<Staleness> staleness_of(std::vector<StaleRead> reads) {
  if (reads.empty()) return std::nullopt;
  Staleness staleness;
  staleness.reads = reads.size();
  const auto middle = static_cast<std::ptrdiff_t>((reads.size() - 1) / 2);
  const auto median_and_max = [&](auto member, auto& median, auto& max) {
    const auto less = [member](const StaleRead& left, const StaleRead& right) {
      return left.stale.*member < right.stale.*member;
    };
    std::nth_element(reads.begin(), reads.begin() + middle, reads.end(), less);
    median = reads[static_cast<std::size_t>(middle)].stale.*member;
    max = std::max_element(reads.begin(), reads.end(), less)->stale.*member;
  };
  median_and_max(&Stale::age, staleness.median.age, staleness.max.age);
  median_and_max(&Stale::writes, staleness.median.writes, staleness.max.writes);
  return staleness;
}

std::string text_of(const Stale& stale) {
  using Milliseconds = std::chrono::duration<double, std::milli>;
  const auto writes = fmt::format("{} write{}", stale.writes, stale.writes == 1 ? "" : "s");
  if (stale.age.count() <= 0) return "stale by " + writes;
  return fmt::format("stale by {:.1f} ms and {}", Milliseconds(stale.age).count(), writes);
}

}  // namespace sunder::checker
