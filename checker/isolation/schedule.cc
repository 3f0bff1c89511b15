#include "checker/isolation/schedule.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

#include "checker/invariant.h"

namespace sunder::checker::isolation {
namespace {

/// Numbers for each node.
struct OfNodes {
  std::vector<std::uint32_t> begin;
  std::vector<std::uint32_t> values;
  std::span<const std::uint32_t> of(Node node) const {
    return std::span(values).subspan(begin[node], begin[node + 1] - begin[node]);
  }
};

OfNodes of_nodes(std::vector<std::pair<Node, std::uint32_t>> pairs, std::size_t nodes) {
  OfNodes made;
  made.begin.assign(nodes + 1, 0);
  for (const auto& [node, value] : pairs) ++made.begin[node + 1];
  for (std::size_t i = 1; i <= nodes; ++i) made.begin[i] += made.begin[i - 1];
  made.values.resize(pairs.size());
  std::vector<std::uint32_t> at(made.begin.begin(), made.begin.end() - 1);
  for (const auto& [node, value] : pairs) made.values[at[node]++] = value;
  return made;
}

class Scheduler {
 public:
  Scheduler(const LevelGraph& graph, const VersionPairs& pairs) : graph_(graph), pairs_(pairs) {
    const OrderProblem& problem = graph.problem();
    const std::size_t keys = problem.keys.size();
    // The state before all versions of a key is numbered behind the versions.
    std::vector<std::pair<Node, std::uint32_t>> written;
    std::vector<std::pair<Node, std::uint32_t>> read;
    for (Version version = 0; version < pairs.versions(); ++version) {
      written.emplace_back(pairs.writer(version), version);
      for (const Node reader : pairs.readers(version)) read.emplace_back(reader, version);
    }
    for (std::uint32_t key = 0; key < keys; ++key) {
      current_.push_back(static_cast<Version>(pairs.versions()) + key);
      for (const Node reader : problem.keys[key].initial_readers) {
        read.emplace_back(reader, current_.back());
      }
    }
    to_read_.assign(pairs.versions() + keys, 0);
    for (const auto& [reader, version] : read) ++to_read_[version];
    waiting_.resize(pairs.versions() + keys);
    written_ = of_nodes(std::move(written), problem.nodes.size());
    read_ = of_nodes(std::move(read), problem.nodes.size());
  }

  Schedule run() {
    before_.assign(graph_.states(), 0);
    for (State state = 0; state < graph_.states(); ++state) {
      graph_.for_each_next(state, [&](State next, std::uint32_t) { ++before_[next]; });
    }
    for (State state = 0; state < graph_.states(); ++state) {
      if (before_[state] == 0) make_ready(state);
    }
    for (;;) {
      while (!ready_.empty()) {
        const State state = ready_.top().second;
        ready_.pop();
        if (is_node(state) && has_to_wait(state)) continue;
        take(state);
      }
      if (waiters_ == 0) break;
      made_.is_executable = false;
      force();
    }
    if (made_.order.size() < graph_.problem().nodes.size()) made_.is_executable = false;
    return std::move(made_);
  }

 private:
  using Ready = std::pair<State, State>;

  bool is_node(State state) const { return state < graph_.problem().nodes.size(); }
  void make_ready(State state) { ready_.emplace(is_node(state) ? state + 1 : 0, state); }

  /// Whether it would overwrite what others are still to read. Then it waits for them.
  bool has_to_wait(Node node) {
    for (const Version version : written_.of(node)) {
      const Version current = current_[pairs_.key(version)];
      if (to_read_[current] == 0) continue;
      std::uint32_t own = 0;
      for (const Version read : read_.of(node)) own += read == current ? 1 : 0;
      if (to_read_[current] <= own) continue;
      waiting_[current].push_back(node);
      ++waiters_;
      return true;
    }
    return false;
  }

  void take(State state) {
    if (is_node(state)) {
      made_.order.push_back(state);
      for (const Version version : read_.of(state)) {
        --to_read_[version];
        wake(version);
      }
      for (const Version version : written_.of(state)) {
        // Those that waited to overwrite the same version look again.
        wake(std::exchange(current_[pairs_.key(version)], version));
      }
    }
    graph_.for_each_next(state, [&](State next, std::uint32_t) {
      if (--before_[next] == 0) make_ready(next);
    });
  }

  /// Those that waited for the readers of the version look again.
  void wake(Version version) {
    std::vector<Node>& waiting = waiting_[version];
    waiters_ -= waiting.size();
    for (const Node node : waiting) make_ready(node);
    waiting.clear();
  }

  /// All wait for one another: the one that was invoked first overwrites what is still to be read.
  void force() {
    Node first = UINT32_MAX;
    for (const std::vector<Node>& waiting : waiting_) {
      for (const Node node : waiting) first = std::min(first, node);
    }
    CHECK(first != UINT32_MAX, "{} wait for nothing", waiters_);
    for (std::vector<Node>& waiting : waiting_) waiters_ -= std::erase(waiting, first);
    take(first);
  }

  const LevelGraph& graph_;
  const VersionPairs& pairs_;
  OfNodes written_;
  OfNodes read_;
  std::vector<Version> current_;
  std::vector<std::uint32_t> to_read_;
  std::vector<std::vector<Node>> waiting_;
  std::size_t waiters_ = 0;
  std::vector<std::uint32_t> before_;
  std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready_;
  Schedule made_;
};

}  // namespace

Schedule schedule(const LevelGraph& graph, const VersionPairs& pairs) {
  return Scheduler(graph, pairs).run();
}

}  // namespace sunder::checker::isolation
