#include "checker/objects/lock_sweep.h"

#include <algorithm>
#include <queue>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "checker/linearizability/sentence.h"
#include "checker/objects/timeline.h"

namespace sunder::checker {

namespace {

using history::Operation;
using history::Position;

/// A proof that needs more operations of the other kind counts them instead.
constexpr std::size_t few_operations = 4;

class LockSweep {
 public:
  LockSweep(std::span<const Operation* const> operations, std::int64_t permits, Budget& budget)
      : operations_(operations),
        permits_(permits),
        budget_(budget),
        moments_(timeline_of(operations, budget)),
        is_done_(operations.size(), false) {}

  FastAnswer decide(Asked asked) {
    FastAnswer answer;
    answer.kind = FastAnswer::Kind::linearizable;
    for (std::size_t i = 0; i < moments_.size(); ++i) {
      budget_.spend();
      const auto& moment = moments_[i];
      if (!moment.is_return) {
        open(moment.place).emplace(operations_[moment.place]->returned, moment.place);
      } else if (!is_done_[moment.place] && !force(moment.place)) {
        blame(i, answer);
        return answer;
      }
    }
    if (asked == Asked::order) answer.order.assign(order_.begin(), order_.end());
    return answer;
  }

 private:
  /// The operations of one kind that are open, those that must return first in front.
  using Open = std::priority_queue<std::pair<Position, Place>,
                                   std::vector<std::pair<Position, Place>>, std::greater<>>;

  bool acquires(Place place) const { return operations_[place]->f == "acquire"; }
  Open& open(Place place) { return acquires(place) ? acquires_ : releases_; }

  void take_effect(Place place) {
    is_done_[place] = true;
    taken_ += acquires(place) ? 1 : -1;
    order_.push_back(place);
  }

  /// False if nothing makes it legal.
  bool force(Place place) {
    const bool is_blocked = acquires(place) ? taken_ == permits_ : taken_ == 0;
    if (is_blocked && !pull(acquires(place) ? releases_ : acquires_)) return false;
    take_effect(place);
    return true;
  }

  bool pull(Open& open) {
    while (!open.empty()) {
      const auto place = open.top().second;
      open.pop();
      if (is_done_[place]) continue;
      take_effect(place);
      return true;
    }
    return false;
  }

  /// The operation that returns at that moment is not legal. The latest interval up to it in which
  /// `forced` operations of its kind had to happen, with `others` of the other kind at most.
  void blame(std::size_t last, FastAnswer& answer) {
    answer.kind = FastAnswer::Kind::not_linearizable;
    const auto culprit = moments_[last].place;
    std::vector<bool> has_returned(operations_.size(), false);
    std::vector<Place> others = open_at(last);
    std::vector<Place> forced;
    for (auto i = last + 1; i-- > 0;) {
      budget_.spend();
      const auto& moment = moments_[i];
      const bool is_same_kind = acquires(moment.place) == acquires(culprit);
      if (moment.is_return) {
        has_returned[moment.place] = true;
        if (!is_same_kind) others.push_back(moment.place);
      } else if (is_same_kind && has_returned[moment.place]) {
        forced.push_back(moment.place);
        const auto most = others.size() + static_cast<std::size_t>(permits_);
        if (forced.size() > most) return show(forced, others, true, answer);
      }
    }
    show(forced, others, false, answer);
  }

  /// Those of the other kind than the culprit's that had not returned by then.
  std::vector<Place> open_at(std::size_t last) const {
    const auto culprit = moments_[last].place;
    std::vector<Place> open;
    for (std::size_t i = 0; i < last; ++i) {
      const auto& moment = moments_[i];
      if (moment.is_return || acquires(moment.place) == acquires(culprit)) continue;
      const auto& operation = *operations_[moment.place];
      if (!must_happen(operation) || operation.returned > moments_[last].at) {
        open.push_back(moment.place);
      }
    }
    return open;
  }

  void show(std::vector<Place>& forced, const std::vector<Place>& others, bool from_any_state,
            FastAnswer& answer) {
    answer.from_any_state = from_any_state;
    if (others.size() <= few_operations) {
      answer.conflict.assign(others.begin(), others.end());
    } else {
      answer.why = count(forced, others.size(), from_any_state);
      const auto shown = from_any_state ? static_cast<std::size_t>(permits_) + 1 : 1;
      forced.resize(std::min(forced.size(), shown));
    }
    answer.conflict.insert(answer.conflict.end(), forced.begin(), forced.end());
    std::sort(answer.conflict.begin(), answer.conflict.end());
  }

  std::string count(const std::vector<Place>& forced, std::size_t others,
                    bool from_any_state) const {
    const auto& culprit = *std::max_element(forced.begin(), forced.end(), [&](Place a, Place b) {
      return operations_[a]->returned < operations_[b]->returned;
    });
    const bool acquired = acquires(culprit);
    return fmt::format(
        "{} was the last of {} {}, but at most {} {} can have happened {}",
        name_of_client(*operations_[culprit]) + "'s " + operations_[culprit]->f.text(),
        forced.size(), acquired ? "acquires" : "releases", others,
        acquired ? "releases" : "acquires",
        from_any_state ? "between the first of them and the last" : "by then");
  }

  std::span<const Operation* const> operations_;
  std::int64_t permits_;
  Budget& budget_;
  std::vector<TimelineEvent> moments_;
  std::vector<bool> is_done_;
  Open acquires_;
  Open releases_;
  std::int64_t taken_ = 0;
  std::vector<Place> order_;
};

}  // namespace

FastAnswer decide_by_lock_sweep(std::span<const Operation* const> operations, std::int64_t permits,
                                Budget& budget, Asked asked) {
  if (any_may_lapse(operations)) return {};
  return LockSweep(operations, permits, budget).decide(asked);
}

}  // namespace sunder::checker
