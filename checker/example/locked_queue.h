#pragma once
// The object under test of the example: a queue that threads share, with one way to take a value
// that is right and one that is wrong in a race.

#include <deque>
#include <mutex>
#include <optional>

template <typename T>
class LockedQueue {
 public:
  void push(T value) {
    const std::lock_guard lock(mutex_);
    values_.push_back(value);
  }

  std::optional<T> try_pop() {
    const std::lock_guard lock(mutex_);
    if (values_.empty()) return std::nullopt;
    const T value = values_.front();
    values_.pop_front();
    return value;
  }

  /// Wrong: another thread may take the same value between the two locks.
  template <typename Between>
  std::optional<T> try_pop_in_two_steps(const Between& between) {
    std::optional<T> value;
    {
      const std::lock_guard lock(mutex_);
      if (!values_.empty()) value = values_.front();
    }
    between();
    const std::lock_guard lock(mutex_);
    if (value && !values_.empty()) values_.pop_front();
    return value;
  }

 private:
  std::mutex mutex_;
  std::deque<T> values_;
};
