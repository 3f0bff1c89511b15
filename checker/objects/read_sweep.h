#pragma once
// A lazy sweep with choices, for sets, whose reads show the whole state: an update takes effect
// when it returns, or when a read that returns needs it. Where that leaves a choice, such as which
// of two open reads is served first, the sweep tries one and comes back to the other. It remembers
// the states from which no choice led on.
// Invariant: if run() is false and the object found all plans each time, nothing fits. The object
// says what it is by the members that `Object` lists.

#include <algorithm>
#include <compare>
#include <set>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "checker/objects/timeline.h"

namespace sunder::checker {

/// 128 bits that say what a set holds: equal for equal sets, whatever the order.
class SetMark {
 public:
  auto operator<=>(const SetMark&) const = default;

  /// Puts the number in, or takes it out.
  void toggle(std::uint64_t number) {
    low_ ^= mixed(number * 2 + 1);
    high_ ^= mixed(~number);
  }

 private:
  /// splitmix64
  static std::uint64_t mixed(std::uint64_t z) {
    z += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }

  std::uint64_t low_ = 0;
  std::uint64_t high_ = 0;
};

/// Updates that take effect one behind the other, and perhaps a read at the end.
using Plan = std::vector<Place>;

/// Updates that were invoked and have not taken effect.
class AvailableUpdates {
 public:
  bool contains(Place update) const {
    return update != no_place && !done_[update] && operations_[update]->invoked <= now_;
  }

 private:
  template <typename Object, typename Undo>
  friend class ReadSweep;
  explicit AvailableUpdates(std::span<const history::Operation* const> operations)
      : operations_(operations), done_(operations.size(), false) {}

  std::span<const history::Operation* const> operations_;
  /// Of all operations, reads too.
  std::vector<bool> done_;
  history::Position now_ = -1;
};

/// `Object` has
///   void add_plans(Place target, const AvailableUpdates&, std::vector<Plan>&)
///                                ways to an operation
///   bool fits(Place read)        whether the state is what the read says
///   Undo take_effect(Place)      changes the state; `undo(Place, Undo)` changes it back
///   SetMark mark()               equal for equal states
template <typename Object, typename Undo>
class ReadSweep {
 public:
  ReadSweep(std::span<const history::Operation* const> operations, Object& object, Budget& budget)
      : operations_(operations),
        object_(object),
        budget_(budget),
        moments_(timeline_of(operations, budget)),
        available_(operations) {}

  /// Whether everything fits.
  bool run() {
    while (moment_ < moments_.size()) {
      budget_.spend();
      furthest_ = std::max(furthest_, moment_);
      const auto& moment = moments_[moment_];
      const bool is_forced = moment.is_return && !available_.done_[moment.place];
      if (!is_forced) {
        move_to(moment_ + 1);
        if (!moment.is_return && is_judged_read(moment.place)) serve(moment.place);
        continue;
      }
      if (!force(moment.place) && !back_to_choice()) return false;
    }
    return true;
  }

  /// It came back to choices too often, so that nothing is known.
  bool gave_up() const { return gave_up_; }
  const std::vector<TimelineEvent>& moments() const { return moments_; }
  /// The event that no choice leads beyond.
  const TimelineEvent& furthest() const { return moments_[furthest_]; }
  std::size_t furthest_moment() const { return furthest_; }
  std::vector<std::size_t> order() const {
    std::vector<std::size_t> places;
    for (const auto& step : log_) places.push_back(step.place);
    return places;
  }

 private:
  /// How often a sweep comes back to a choice before it gives up. A history that fits needs it
  /// seldom, and one that does not soon has no choice left near its end.
  static constexpr std::size_t most_returns = 20'000;

  /// A point of the sweep at which several plans are possible.
  struct Choice {
    std::size_t moment;
    std::size_t log_size;
    std::size_t next_plan;
  };
  /// What took effect.
  struct LogEntry {
    Place place;
    Undo undo;
  };

  bool is_read(Place place) const { return operations_[place]->f == "read"; }
  bool is_judged_read(Place place) const {
    return is_read(place) && must_happen(*operations_[place]);
  }

  /// Performs the first plan. False if there is none, or none leads on.
  bool force(Place place) {
    const auto plans = plans_for(place);
    const bool is_hopeless =
        plans.empty() ||
        (plans.size() > 1 && hopeless_.contains({moment_, done_mark_, object_.mark()}));
    if (is_hopeless) return false;
    if (plans.size() > 1) choices_.push_back({moment_, log_.size(), 1});
    perform(plans.front());
    return true;
  }

  /// Takes the next plan of the last choice that has one. False if none has.
  bool back_to_choice() {
    while (!choices_.empty()) {
      budget_.spend();
      if (++returns_ > most_returns) {
        gave_up_ = true;
        return false;
      }
      auto& choice = choices_.back();
      undo_to(choice.log_size);
      move_to(choice.moment);
      const auto plans = plans_for(moments_[choice.moment].place);
      if (choice.next_plan < plans.size()) {
        perform(plans[choice.next_plan++]);
        return true;
      }
      hopeless_.emplace(choice.moment, done_mark_, object_.mark());
      choices_.pop_back();
    }
    return false;
  }

  /// To right before that event.
  void move_to(std::size_t moment) {
    for (; moment_ < moment; ++moment_) pass(moments_[moment_], !moments_[moment_].is_return);
    while (moment_ > moment) {
      --moment_;
      pass(moments_[moment_], moments_[moment_].is_return);
    }
    available_.now_ = moment_ == 0 ? -1 : moments_[moment_ - 1].at;
  }

  void pass(const TimelineEvent& event, bool begins) {
    if (!is_judged_read(event.place)) return;
    if (begins) {
      open_reads_.push_back(event.place);
    } else {
      std::erase(open_reads_, event.place);
    }
  }

  /// The ways to go on with an operation that returns: at once, or behind an open read. A read that
  /// needs only a part of what is to happen, or that could not happen behind it, goes first.
  std::vector<Plan> plans_for(Place forced) {
    std::vector<Plan> own;
    object_.add_plans(forced, available_, own);
    std::vector<std::pair<Place, std::vector<Plan>>> of_reads;
    // In an order that does not depend on the way here.
    auto reads = open_reads_;
    std::sort(reads.begin(), reads.end());
    for (const auto read : reads) {
      if (read == forced || available_.done_[read]) continue;
      std::vector<Plan> plans;
      object_.add_plans(read, available_, plans);
      if (!plans.empty()) of_reads.emplace_back(read, std::move(plans));
    }
    std::vector<Plan> before;
    std::vector<Plan> others;
    for (auto& [read, plans] : of_reads) {
      const bool is_first = !own.empty() && would_strand(own.front(), read);
      for (auto& plan : plans) {
        const bool is_part = !own.empty() && is_part_of(plan, own.front());
        (is_first || is_part ? before : others).push_back(std::move(plan));
      }
    }
    std::stable_sort(before.begin(), before.end(), [](const Plan& left, const Plan& right) {
      return left.size() < right.size();
    });
    before.insert(before.end(), own.begin(), own.end());
    before.insert(before.end(), others.begin(), others.end());
    return before;
  }

  /// Whether nothing that is open would lead to the read behind the plan.
  bool would_strand(const Plan& plan, Place read) {
    const auto log_size = log_.size();
    for (const auto place : plan) {
      if (!available_.done_[place]) enter(place);
    }
    std::vector<Plan> plans;
    if (!object_.fits(read)) object_.add_plans(read, available_, plans);
    const bool strands = plans.empty() && !object_.fits(read);
    undo_to(log_size);
    return strands;
  }

  static bool is_part_of(const Plan& part, const Plan& whole) {
    return std::all_of(part.begin(), part.end(), [&](Place update) {
      return std::find(whole.begin(), whole.end(), update) != whole.end();
    });
  }

  void perform(const Plan& plan) {
    for (const auto place : plan) {
      if (available_.done_[place]) continue;
      enter(place);
      for (const auto read : open_reads_) serve(read);
    }
  }

  void enter(Place place) {
    log_.push_back({place, object_.take_effect(place)});
    available_.done_[place] = true;
    done_mark_.toggle(place);
  }

  /// Lets the read happen if it fits. A read that fits now needs no later moment.
  void serve(Place read) {
    if (!available_.done_[read] && object_.fits(read)) enter(read);
  }

  void undo_to(std::size_t log_size) {
    for (; log_.size() > log_size; log_.pop_back()) {
      const auto& [place, undo] = log_.back();
      object_.undo(place, undo);
      available_.done_[place] = false;
      done_mark_.toggle(place);
    }
  }

  std::span<const history::Operation* const> operations_;
  Object& object_;
  Budget& budget_;
  std::vector<TimelineEvent> moments_;
  std::size_t moment_ = 0;
  std::size_t furthest_ = 0;
  std::size_t returns_ = 0;
  bool gave_up_ = false;
  AvailableUpdates available_;
  SetMark done_mark_;
  /// They were invoked and have not returned, done or not.
  std::vector<Place> open_reads_;
  std::vector<LogEntry> log_;
  std::vector<Choice> choices_;
  std::set<std::tuple<std::size_t, SetMark, SetMark>> hopeless_;
};

}  // namespace sunder::checker
