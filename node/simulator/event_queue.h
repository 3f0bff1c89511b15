#pragma once
// Virtual time: what is due first happens first, and at equal times what was asked for first.

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "node/raft/types.h"

namespace sunder::simulator {

class EventQueue {
 public:
  using Action = std::function<void()>;

  static constexpr raft::Time forever = raft::Time::max();

  raft::Time now() const { return now_; }
  void after(raft::Time delay, Action action) {
    due_.emplace(std::pair(now_ + delay, next_++), std::move(action));
  }
  void run_until(raft::Time end) {
    while (run_next(end)) {
    }
    now_ = end;
  }
  /// False if nothing is due by then.
  bool run_next(raft::Time end) {
    if (due_.empty() || due_.begin()->first.first > end) return false;
    auto first = due_.extract(due_.begin());
    now_ = first.key().first;
    first.mapped()();
    return true;
  }

 private:
  raft::Time now_{0};
  std::uint64_t next_ = 0;
  std::map<std::pair<raft::Time, std::uint64_t>, Action> due_;
};

}  // namespace sunder::simulator
