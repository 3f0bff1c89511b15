#pragma once
// The way of a search to the end, and the order of effects on it. A search keeps what it took at
// each configuration; SearchPath passes the events again and applies the same rules (search.h), so
// that it meets the same configurations and can note where each operation took effect. Surprise: an
// operation that a rule hid is only placed when it returns unobserved: right before the overwriter
// that hid it, or at a state that it would not have changed.

#include <cstdint>
#include <deque>
#include <iterator>
#include <list>
#include <vector>

#include "checker/linearizability/memo.h"
#include "checker/linearizability/window.h"

namespace sunder::checker {

/// What led from one configuration to the next: an open operation, a crashed one of a class, or the
/// return of a hidden operation.
enum class Taken : std::uint32_t { hidden = UINT32_MAX };

constexpr std::uint32_t crashed_bit = std::uint32_t{1} << 31;
constexpr Taken taken_open(std::uint32_t operation) {
  return Taken{operation};
}
constexpr Taken taken_crashed(std::uint32_t crash_class) {
  return Taken{crash_class | crashed_bit};
}

/// For each configuration that was pushed: the one before it.
class Trail {
 public:
  static constexpr std::uint32_t beginning = UINT32_MAX;

  std::uint32_t add(std::uint32_t before, Taken taken) {
    steps_.push_back({before, taken});
    return static_cast<std::uint32_t>(steps_.size() - 1);
  }
  std::vector<Taken> way_to(std::uint32_t end) const {
    std::vector<Taken> way;
    for (; end != beginning; end = steps_[end].before) way.push_back(steps_[end].taken);
    return {way.rbegin(), way.rend()};
  }
  std::size_t memory_bytes() const { return steps_.capacity() * sizeof(Step); }
  /// What the next step allocates.
  std::size_t growth_bytes() const {
    return steps_.size() == steps_.capacity() ? 2 * steps_.size() * sizeof(Step) : 0;
  }

 private:
  struct Step {
    std::uint32_t before;
    Taken taken;
  };
  std::vector<Step> steps_;
};

template <std::size_t Words>
class SearchPath {
 public:
  SearchPath(const Problem& problem, Automaton& automaton, StateId start)
      : problem_(problem),
        automaton_(automaton),
        window_(problem),
        state_(start),
        order_{no_operation},
        marks_(problem.slot_count),
        crashed_(problem.crash_classes.size()) {}

  std::vector<std::uint32_t> follow(const std::vector<Taken>& way) {
    for (const auto taken : way) {
      advance();
      take(taken);
    }
    advance();
    return {std::next(order_.begin()), order_.end()};
  }

 private:
  using Position = std::list<std::uint32_t>::iterator;
  /// Where a hidden operation took effect: right before or right behind another.
  struct Mark {
    Position at;
    bool is_before = false;
    bool lapsed = false;
  };

  const SearchOperation& operation(std::uint32_t number) const {
    return problem_.operations[number];
  }
  Position last() { return std::prev(order_.end()); }
  void append(std::uint32_t number) {
    automaton_.budget().spend();
    order_.push_back(number);
  }

  void advance() {
    while (window_.event() < problem_.events.size()) {
      const auto event = problem_.events[window_.event()];
      const auto& moving = operation(event.operation);
      if (event.is_return) {
        if (!used_.test(moving.slot)) return;
        used_.reset(moving.slot);
        hideable_.reset(moving.slot);
      } else if (moving.crashed()) {
        crashed_[moving.crash_class].push_back(event.operation);
      } else {
        enter(event.operation);
      }
      window_.step();
    }
  }

  void enter(std::uint32_t number) {
    const auto& invoked = operation(number);
    if (automaton_.next(state_, invoked.call) != state_) {
      if (invoked.may_lapse) hide(invoked.slot, {last(), false, true});
    } else if (invoked.role == Role::observer) {
      used_.set(invoked.slot);
      append(number);
    } else {
      hide(invoked.slot, {last()});
    }
  }

  void hide(std::uint32_t slot, Mark mark) {
    hideable_.set(slot);
    marks_[slot] = mark;
  }

  void take(Taken taken) {
    const auto returning = problem_.events[window_.event()].operation;
    const auto slot = operation(returning).slot;
    if (taken == Taken::hidden) {
      place_hidden(returning);
      used_.set(slot);
      return;
    }
    hideable_.reset(slot);
    const auto number = take_operation(static_cast<std::uint32_t>(taken));
    state_ = *automaton_.next(state_, operation(number).call);
    append(number);
    if (operation(number).role == Role::overwriter) {
      const Mark before{last(), true};
      window_.overwriters().without(used_).without(hideable_).for_each(
          [&](std::uint32_t hidden) { hide(hidden, before); });
    }
    see_what_is_open();
    if (!used_.test(slot)) hideable_.reset(slot);
  }

  std::uint32_t take_operation(std::uint32_t taken) {
    if ((taken & crashed_bit) != 0) {
      auto& waiting = crashed_[taken & ~crashed_bit];
      const auto number = waiting.front();
      waiting.pop_front();
      return number;
    }
    used_.set(operation(taken).slot);
    hideable_.reset(operation(taken).slot);
    return taken;
  }

  void see_what_is_open() {
    window_.observers().without(used_).for_each([&](std::uint32_t slot) {
      const auto number = window_.operation_at(slot);
      if (!automaton_.next(state_, operation(number).call)) return;
      used_.set(slot);
      append(number);
    });
    const Mark here{last()};
    window_.effects().without(used_).without(hideable_).for_each([&](std::uint32_t slot) {
      const auto call = operation(window_.operation_at(slot)).call;
      if (automaton_.next(state_, call) == state_) hide(slot, here);
    });
  }

  void place_hidden(std::uint32_t number) {
    const auto& mark = marks_[operation(number).slot];
    if (!mark.lapsed) order_.insert(mark.is_before ? mark.at : std::next(mark.at), number);
  }

  const Problem& problem_;
  Automaton& automaton_;
  Window<Words> window_;
  StateId state_;
  Bits<Words> used_;
  Bits<Words> hideable_;
  /// Begins with no operation, so that each mark has one to stand behind.
  std::list<std::uint32_t> order_;
  /// By slot.
  std::vector<Mark> marks_;
  /// Of each class those that were invoked and have not taken effect.
  std::vector<std::deque<std::uint32_t>> crashed_;
};

}  // namespace sunder::checker
