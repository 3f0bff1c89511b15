#include "checker/isolation/components.h"

#include <algorithm>

namespace sunder::checker::isolation {
namespace {

/// Tarjan's algorithm with its own stack.
class ComponentSearch {
 public:
  explicit ComponentSearch(const StateArcs& arcs)
      : arcs_(arcs), index_(arcs.end.size(), 0), low_(arcs.end.size(), 0) {
    found_.of.assign(arcs.end.size(), none);
  }

  Components run() {
    for (std::uint32_t state = 0; state < index_.size(); ++state) {
      if (index_[state] == 0) visit(state);
    }
    return std::move(found_);
  }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  struct Frame {
    std::uint32_t state = 0;
    std::size_t arc = 0;
  };

  std::size_t begin(std::uint32_t state) const { return state == 0 ? 0 : arcs_.end[state - 1]; }

  void enter(std::uint32_t state) {
    index_[state] = low_[state] = ++last_;
    open_.push_back(state);
    frames_.push_back({state, begin(state)});
  }

  void visit(std::uint32_t root) {
    enter(root);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      const std::uint32_t state = frame.state;
      if (frame.arc < arcs_.end[state]) {
        const std::uint32_t next = arcs_.next[frame.arc++];
        if (index_[next] == 0)
          enter(next);
        else if (found_.of[next] == none)
          low_[state] = std::min(low_[state], index_[next]);
        continue;
      }
      if (low_[state] == index_[state]) close(state);
      frames_.pop_back();
      if (!frames_.empty()) {
        const std::uint32_t parent = frames_.back().state;
        low_[parent] = std::min(low_[parent], low_[state]);
      }
    }
  }

  void close(std::uint32_t root) {
    std::uint32_t state = none;
    do {
      state = open_.back();
      open_.pop_back();
      found_.of[state] = found_.count;
    } while (state != root);
    ++found_.count;
  }

  const StateArcs& arcs_;
  std::vector<std::uint32_t> index_;
  std::vector<std::uint32_t> low_;
  std::vector<std::uint32_t> open_;
  std::vector<Frame> frames_;
  Components found_;
  std::uint32_t last_ = 0;
};

}  // namespace

Components components_of(const StateArcs& arcs) {
  return ComponentSearch(arcs).run();
}

}  // namespace sunder::checker::isolation
