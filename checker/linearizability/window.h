#pragma once
// The operations that are open right before an event: a cursor that a search moves forwards and
// back. The cost of a move is its distance, which is mostly one in a depth-first search.

#include <cstdint>
#include <vector>

#include "checker/linearizability/bits.h"
#include "checker/linearizability/problem.h"

namespace sunder::checker {

template <std::size_t Words>
class Window {
 public:
  explicit Window(const Problem& problem)
      : problem_(problem),
        open_(problem.slot_count, no_operation),
        crashed_(problem.crash_classes.size(), 0) {}

  std::uint32_t event() const { return event_; }
  /// Open updaters, the overwriters among them, and open observers.
  const Bits<Words>& effects() const { return effects_; }
  const Bits<Words>& overwriters() const { return overwriters_; }
  const Bits<Words>& observers() const { return observers_; }
  /// `no_operation` if the slot is free.
  std::uint32_t operation_at(std::uint32_t slot) const { return open_[slot]; }
  /// The number of crashed operations of that class that have been invoked.
  std::uint32_t crashed(std::uint32_t crash_class) const { return crashed_[crash_class]; }

  void move_to(std::uint32_t event) {
    while (event_ < event) step();
    while (event_ > event) step_back();
  }

  void step() {
    const auto event = problem_.events[event_++];
    if (event.is_return) {
      close(event.operation);
    } else {
      open(event.operation);
    }
  }

 private:
  void step_back() {
    const auto event = problem_.events[--event_];
    if (event.is_return) {
      open(event.operation);
    } else {
      close(event.operation);
    }
  }

  void open(std::uint32_t number) {
    const auto& operation = problem_.operations[number];
    if (operation.crashed()) {
      ++crashed_[operation.crash_class];
      return;
    }
    open_[operation.slot] = number;
    if (operation.role == Role::observer) {
      observers_.set(operation.slot);
    } else {
      effects_.set(operation.slot);
      if (operation.role == Role::overwriter) overwriters_.set(operation.slot);
    }
  }

  void close(std::uint32_t number) {
    const auto& operation = problem_.operations[number];
    if (operation.crashed()) {
      --crashed_[operation.crash_class];
      return;
    }
    open_[operation.slot] = no_operation;
    observers_.reset(operation.slot);
    effects_.reset(operation.slot);
    overwriters_.reset(operation.slot);
  }

  const Problem& problem_;
  std::uint32_t event_ = 0;
  Bits<Words> effects_;
  Bits<Words> overwriters_;
  Bits<Words> observers_;
  std::vector<std::uint32_t> open_;
  std::vector<std::uint32_t> crashed_;
};

}  // namespace sunder::checker
