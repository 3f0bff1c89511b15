#include "checker/linearizability/queue_order.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "checker/linearizability/place.h"
#include "checker/linearizability/value_table.h"

namespace sunder::checker {

namespace {

using history::never;
using history::Operation;
using history::Position;
using history::Value;

constexpr Place nowhere = UINT32_MAX;

/// More unanswered dequeues than these are not shown in a proof, only counted.
constexpr std::size_t most_takers_shown = 8;

/// One value's enqueue and dequeue.
struct Passage {
  Place enqueue = nowhere;
  Place dequeue = nowhere;
  Position enqueue_invoked = never;
  Position enqueued = never;
  Position dequeue_invoked = never;
  Position dequeued = never;
  /// Its enqueue completed, or its value was dequeued.
  bool counts = false;
  /// Nobody was answered with it; how many such values were enqueued before it. Its dequeue, if
  /// there is one, is an unanswered one.
  bool is_left = false;
  std::uint32_t left_before = 0;
};

/// A dequeue or drain that may have taken any value.
struct Taker {
  Place place;
  Position invoked;
  bool takes_all;
};

/// Whether a dequeue, or a part of a drain, found nothing.
bool found_nothing(const Operation& operation) {
  const auto* drained = operation.result.list();
  return operation.result.is_nil() ||
         (operation.f == "drain" && drained != nullptr && drained->empty());
}

/// What an answered dequeue, or a part of a drain, took.
const Value& taken_by(const Operation& operation) {
  const auto* drained = operation.result.list();
  return operation.f == "drain" && drained != nullptr ? drained->front() : operation.result;
}

/// The order of effects of a history that is linearizable. A value goes in as late as possible:
/// when its enqueue returns, or when its dequeue or a later value needs it there. It comes out as
/// soon as it is the first, or in a bag at once, and its dequeue was invoked. So the queue is empty
/// whenever it can be.
class QueueEffects {
 public:
  QueueEffects(std::vector<Passage> passages, const std::vector<Place>& empty,
               std::span<const Operation* const> operations, Discipline discipline)
      : passages_(std::move(passages)), discipline_(discipline), is_in_(passages_.size(), false) {
    for (std::uint32_t number = 0; number < passages_.size(); ++number) {
      const auto& passage = passages_[number];
      if (!passage.counts) continue;
      moments_.push_back({passage.enqueue_invoked, Event::enqueue_invoked, number});
      if (passage.enqueued != never) {
        moments_.push_back({passage.enqueued, Event::enqueue_returned, number});
      }
      if (passage.dequeue == nowhere) continue;
      moments_.push_back({passage.dequeue_invoked, Event::dequeue_invoked, number});
      if (passage.dequeued != never) {
        moments_.push_back({passage.dequeued, Event::dequeue_returned, number});
      }
    }
    for (const auto place : empty) {
      moments_.push_back({operations[place]->invoked, Event::empty_invoked, place});
    }
    std::sort(moments_.begin(), moments_.end(),
              [](const Moment& left, const Moment& right) { return left.at < right.at; });
  }

  std::vector<std::size_t> order() {
    for (const auto& moment : moments_) {
      pass(moment);
      settle(moment.at);
    }
    return std::move(order_);
  }

 private:
  enum class Event {
    enqueue_invoked,
    enqueue_returned,
    dequeue_invoked,
    dequeue_returned,
    empty_invoked,
  };
  struct Moment {
    Position at;
    Event event;
    /// A passage, or the place of a dequeue that found nothing.
    std::uint32_t number;
  };

  void pass(const Moment& moment) {
    const auto number = moment.number;
    switch (moment.event) {
      case Event::enqueue_invoked:
        if (!passages_[number].is_left) open_.emplace(passages_[number].dequeued, number);
        break;
      case Event::enqueue_returned:
      case Event::dequeue_returned:
        put(number);
        break;
      case Event::dequeue_invoked:
        break;
      case Event::empty_invoked:
        empty_.push_back(number);
        break;
    }
  }

  /// In a queue with the open values before it whose dequeues returned before its own is invoked.
  void put(std::uint32_t number) {
    if (is_in_[number]) return;
    while (discipline_ == Discipline::fifo && !open_.empty() &&
           open_.begin()->first < passages_[number].dequeue_invoked) {
      put_at_end(open_.begin()->second);
    }
    put_at_end(number);
  }

  void put_at_end(std::uint32_t number) {
    open_.erase({passages_[number].dequeued, number});
    is_in_[number] = true;
    next_rank_ += 1;
    // What comes out first: of a queue the first one put in, of a bag the first one asked for.
    const auto& passage = passages_[number];
    queue_.emplace(discipline_ == Discipline::fifo ? next_rank_ : passage.dequeue_invoked, number);
    order_.push_back(passage.enqueue);
  }

  void settle(Position now) {
    while (!queue_.empty()) {
      const auto& passage = passages_[queue_.begin()->second];
      if (passage.dequeue_invoked > now) break;
      // An unanswered drain takes all that are left from then on, and takes effect once.
      if (!passage.is_left || passage.dequeue != last_taker_) order_.push_back(passage.dequeue);
      if (passage.is_left) last_taker_ = passage.dequeue;
      queue_.erase(queue_.begin());
    }
    if (!queue_.empty()) return;
    order_.insert(order_.end(), empty_.begin(), empty_.end());
    empty_.clear();
  }

  std::vector<Passage> passages_;
  Discipline discipline_;
  std::vector<bool> is_in_;
  std::vector<Moment> moments_;
  /// Values that are not in yet and will be dequeued, by the returns of their dequeues.
  std::set<std::pair<Position, std::uint32_t>> open_;
  std::set<std::pair<Position, std::uint32_t>> queue_;
  Position next_rank_ = 0;
  Place last_taker_ = nowhere;
  /// Dequeues that find nothing and have not taken effect yet.
  std::vector<Place> empty_;
  std::vector<std::size_t> order_;
};

class QueueOrder {
 public:
  QueueOrder(std::span<const Operation* const> operations, Discipline discipline, Budget& budget)
      : operations_(operations), discipline_(discipline), budget_(budget) {}

  FastAnswer decide(Asked asked) {
    using Kind = FastAnswer::Kind;
    if (!collect()) return {Kind::not_applicable, {}};
    if (is_fresh_and_once() && is_in_order() && is_empty_when_said()) {
      FastAnswer answer{Kind::linearizable, {}};
      if (asked == Asked::order) {
        answer.order =
            QueueEffects({passages_.begin(), passages_.end()}, empty_, operations_, discipline_)
                .order();
      }
      return answer;
    }
    std::sort(conflict_.begin(), conflict_.end());
    conflict_.erase(std::unique(conflict_.begin(), conflict_.end()), conflict_.end());
    std::erase(conflict_, nowhere);
    FastAnswer answer{Kind::not_linearizable, {conflict_.begin(), conflict_.end()}};
    answer.dequeues_stay = !takers_.empty();
    answer.shortfall = shortfall_;
    return answer;
  }

 private:
  bool collect();
  bool collect_enqueue(Place place, const Operation& operation);
  void collect_dequeue(Place place, const Operation& operation);
  void give_left_to_takers();
  bool is_fresh_and_once();
  bool is_in_order();
  bool is_empty_when_said();
  void blame_cover(const std::vector<const Passage*>& stays, const Operation& empty);
  void blame_left(std::size_t values, std::size_t takers);
  std::size_t takers_before(Position position) const;

  std::span<const Operation* const> operations_;
  Discipline discipline_;
  Budget& budget_;
  ValueMap<Passage> passages_;
  /// Dequeues that found nothing.
  std::vector<Place> empty_;
  /// Unanswered dequeues, by invocation.
  std::vector<Taker> takers_;
  /// The enqueues of the values that are left, by return.
  std::vector<Place> left_;
  std::vector<Place> conflict_;
  std::optional<Shortfall> shortfall_;
};

/// Fills `passages_`. False if the procedure does not apply.
bool QueueOrder::collect() {
  for (Place place = 0; place < operations_.size(); ++place) {
    const auto& operation = *operations_[place];
    budget_.spend();
    if (is_void(operation)) continue;
    if (operation.f == "enqueue") {
      if (!collect_enqueue(place, operation)) return false;
    } else if (!is_answered(operation)) {
      takers_.push_back({place, operation.invoked, operation.f == "drain"});
    } else {
      const auto* drained = operation.f == "drain" ? operation.result.list() : nullptr;
      if (operation.weakened || (drained != nullptr && drained->size() > 1)) return false;
      collect_dequeue(place, operation);
    }
  }
  return true;
}

bool QueueOrder::collect_enqueue(Place place, const Operation& operation) {
  auto& passage = passages_.of(operation.argument);
  if (passage.enqueue != nowhere) return false;
  passage.enqueue = place;
  passage.enqueue_invoked = operation.invoked;
  passage.enqueued = operation.returned;
  if (must_happen(operation)) passage.counts = true;
  return true;
}

void QueueOrder::collect_dequeue(Place place, const Operation& operation) {
  if (found_nothing(operation)) {
    empty_.push_back(place);
    return;
  }
  auto& passage = passages_.of(taken_by(operation));
  if (passage.dequeue != nowhere && conflict_.empty()) conflict_ = {passage.dequeue, place};
  passage.dequeue = place;
  passage.dequeue_invoked = operation.invoked;
  passage.dequeued = operation.returned;
  passage.counts = true;
}

bool QueueOrder::is_fresh_and_once() {
  if (!conflict_.empty()) {
    conflict_.push_back(passages_.of(taken_by(*operations_[conflict_.front()])).enqueue);
    return false;
  }
  for (const auto& passage : passages_) {
    if (passage.dequeue == nowhere || passage.dequeued > passage.enqueue_invoked) continue;
    conflict_ = {passage.enqueue, passage.dequeue};
    return false;
  }
  give_left_to_takers();
  return true;
}

void QueueOrder::give_left_to_takers() {
  std::vector<std::uint32_t> left;
  for (std::uint32_t number = 0; number < passages_.size(); ++number) {
    const auto& passage = passages_[number];
    if (passage.counts && passage.dequeue == nowhere) left.push_back(number);
  }
  std::sort(left.begin(), left.end(), [&](std::uint32_t one, std::uint32_t other) {
    return passages_[one].enqueued < passages_[other].enqueued;
  });
  auto taker = takers_.begin();
  for (const auto number : left) {
    auto& passage = passages_[number];
    passage.is_left = true;
    passage.left_before = static_cast<std::uint32_t>(left_.size());
    left_.push_back(passage.enqueue);
    if (taker == takers_.end()) continue;
    passage.dequeue = taker->place;
    passage.dequeue_invoked = taker->invoked;
    if (!taker->takes_all) ++taker;
  }
}

std::size_t QueueOrder::takers_before(Position position) const {
  const auto end =
      std::lower_bound(takers_.begin(), takers_.end(), position,
                       [](const Taker& taker, Position until) { return taker.invoked < until; });
  return static_cast<std::size_t>(end - takers_.begin());
}

/// No value that was enqueued before b may have a dequeue that begins after b's dequeue ended.
bool QueueOrder::is_in_order() {
  if (discipline_ == Discipline::bag) return true;
  std::vector<const Passage*> by_return;
  std::vector<const Passage*> by_invocation;
  for (const auto& passage : passages_) {
    if (!passage.counts) continue;
    by_return.push_back(&passage);
    if (!passage.is_left) by_invocation.push_back(&passage);
  }
  std::sort(by_return.begin(), by_return.end(),
            [](const auto* left, const auto* right) { return left->enqueued < right->enqueued; });
  std::sort(by_invocation.begin(), by_invocation.end(), [](const auto* left, const auto* right) {
    return left->enqueue_invoked < right->enqueue_invoked;
  });
  const Passage* last_out = nullptr;
  const Passage* overtaking = nullptr;
  auto first = by_return.begin();
  for (const auto* second : by_invocation) {
    for (; first != by_return.end() && (*first)->enqueued < second->enqueue_invoked; ++first) {
      const bool later =
          last_out == nullptr || (*first)->dequeue_invoked > last_out->dequeue_invoked;
      if (later) last_out = *first;
    }
    if (last_out == nullptr || last_out->dequeue_invoked < second->dequeued) continue;
    if (!last_out->is_left) {
      conflict_ = {last_out->enqueue, last_out->dequeue, second->enqueue, second->dequeue};
      return false;
    }
    // The fewer unanswered dequeues could have taken a value, the shorter the proof.
    if (overtaking == nullptr || second->dequeued < overtaking->dequeued) overtaking = second;
  }
  if (overtaking == nullptr) return true;
  conflict_ = {overtaking->enqueue, overtaking->dequeue};
  const auto takers = takers_before(overtaking->dequeued);
  blame_left(takers + 1, takers);
  return false;
}

/// A value is certainly in the queue from its enqueue's return to its dequeue's invocation.
bool QueueOrder::is_empty_when_said() {
  std::vector<const Passage*> stays;
  for (const auto& passage : passages_) {
    if (passage.counts && passage.enqueued < passage.dequeue_invoked) stays.push_back(&passage);
  }
  std::sort(stays.begin(), stays.end(),
            [](const auto* left, const auto* right) { return left->enqueued < right->enqueued; });
  // `empty_` is sorted by invocation, so one pass over both suffices.
  auto next = stays.begin();
  Position begin = never;
  Position end = -1;
  for (const auto place : empty_) {
    const auto& empty = *operations_[place];
    while (next != stays.end() && ((*next)->enqueued < empty.invoked || (*next)->enqueued < end)) {
      if ((*next)->enqueued > end) begin = (*next)->enqueued;
      end = std::max(end, (*next)->dequeue_invoked);
      ++next;
    }
    if (begin > empty.invoked || end < empty.returned) continue;
    conflict_ = {place};
    blame_cover(stays, empty);
    return false;
  }
  return true;
}

/// A small set of stays, sorted by their beginnings, that together cover the dequeue.
void QueueOrder::blame_cover(const std::vector<const Passage*>& stays, const Operation& empty) {
  auto next = stays.begin();
  std::size_t left = 0;
  for (Position covered = empty.invoked; covered < empty.returned;) {
    const Passage* longest = nullptr;
    for (; next != stays.end() && (*next)->enqueued < covered; ++next) {
      if (longest == nullptr || (*next)->dequeue_invoked > longest->dequeue_invoked) {
        longest = *next;
      }
    }
    covered = longest->dequeue_invoked;
    if (longest->is_left) {
      left = std::max<std::size_t>(left, longest->left_before + 1);
      continue;
    }
    conflict_.push_back(longest->enqueue);
    conflict_.push_back(longest->dequeue);
  }
  if (left > 0) blame_left(left, takers_before(empty.returned));
}

/// So many of the values that are left, of which `takers` unanswered dequeues were too few.
void QueueOrder::blame_left(std::size_t values, std::size_t takers) {
  if (values > 1) shortfall_ = Shortfall{values, values - 1};
  const bool are_shown = takers <= most_takers_shown;
  conflict_.insert(conflict_.end(), left_.begin(),
                   left_.begin() + static_cast<std::ptrdiff_t>(are_shown ? values : 1));
  for (std::size_t i = 0; are_shown && i < takers; ++i) conflict_.push_back(takers_[i].place);
}

}  // namespace

FastAnswer decide_by_queue_order(std::span<const Operation* const> operations,
                                 Discipline discipline, Budget& budget, Asked asked) {
  return QueueOrder(operations, discipline, budget).decide(asked);
}

}  // namespace sunder::checker
