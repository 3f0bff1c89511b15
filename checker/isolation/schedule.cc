#include "checker/isolation/schedule.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <set>
#include <utility>

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

OfNodes of_nodes(const std::vector<std::pair<Node, std::uint32_t>>& pairs, std::size_t nodes) {
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
      last_return_.push_back(last_return(version));
    }
    for (std::uint32_t key = 0; key < keys; ++key) {
      first_untaken_.push_back(pairs.first_of_key(key));
      current_.push_back(static_cast<Version>(pairs.versions()) + key);
      for (const Node reader : problem.keys[key].initial_readers) {
        read.emplace_back(reader, current_.back());
      }
    }
    to_read_.assign(pairs.versions() + keys, 0);
    for (const auto& [reader, version] : read) ++to_read_[version];
    first_of_nodes_ = static_cast<std::uint32_t>(to_read_.size());
    waiting_.resize(to_read_.size() + problem.nodes.size());
    written_ = of_nodes(written, problem.nodes.size());
    read_ = of_nodes(read, problem.nodes.size());
  }

  Schedule run(bool goes_on) {
    find_states_before();
    for (State state = 0; state < graph_.states(); ++state) {
      if (before_[state] == 0) make_ready(state);
    }
    for (;;) {
      while (!ready_.empty()) {
        const State state = ready_.top().second;
        ready_.pop();
        if (is_node(state) && (waits_for_readers(state) || waits_for_writer(state))) continue;
        take(state);
      }
      if (waiters_.empty()) break;
      made_.is_executable = false;
      if (!goes_on) break;
      force();
    }
    if (made_.order.size() < graph_.problem().nodes.size()) made_.is_executable = false;
    return std::move(made_);
  }

 private:
  using Ready = std::pair<State, State>;
  static constexpr Node none = UINT32_MAX;
  /// One look back ends after so many states.
  static constexpr std::size_t most_looked_at = 20'000;

  /// Of its readers.
  history::Position last_return(Version version) const {
    history::Position last = 0;
    for (const Node reader : pairs_.readers(version)) {
      last = std::max(last, graph_.problem().nodes[reader].returned);
    }
    return last;
  }

  bool is_node(State state) const { return state < graph_.problem().nodes.size(); }
  void make_ready(State state) { ready_.emplace(is_node(state) ? state + 1 : 0, state); }

  /// Whether it would overwrite what others are still to read. Then it waits for them.
  bool waits_for_readers(Node node) {
    for (const Version version : written_.of(node)) {
      const Version current = current_[pairs_.key(version)];
      if (to_read_[current] == 0) continue;
      std::uint32_t own = 0;
      for (const Version read : read_.of(node)) own += read == current ? 1 : 0;
      if (to_read_[current] <= own) continue;
      wait(node, current);
      return true;
    }
    return false;
  }

  void wait(Node node, std::uint32_t place) {
    waiting_[place].push_back(node);
    waiters_.emplace(node, place);
  }

  /// Whether another writer of a key leads to a reader of what the node would write: then no order
  /// is left for the three. The node waits for that writer.
  bool waits_for_writer(Node node) {
    for (const Version version : written_.of(node)) {
      if (to_read_[version] == 0 || !may_wait_for_writer(node, version)) continue;
      const Node writer = writer_that_leads_to_readers(node, version);
      if (writer == none) continue;
      wait(node, first_of_nodes_ + writer);
      return true;
    }
    return false;
  }

  /// False if time alone says that no other writer leads to a reader. A look back from a reader
  /// that comes much later would see all that is between.
  bool may_wait_for_writer(Node node, Version version) {
    if (!pairs_.are_by_time()) return true;
    const std::vector<OrderNode>& nodes = graph_.problem().nodes;
    const std::uint32_t key = pairs_.key(version);
    Version& first = first_untaken_[key];
    while (first < pairs_.end_of_key(key) && is_taken_[pairs_.writer(first)] != 0) ++first;
    for (Version other = first; other < pairs_.end_of_key(key); ++other) {
      const Node writer = pairs_.writer(other);
      if (nodes[writer].invoked >= last_return_[version]) return false;
      if (writer != node && is_taken_[writer] == 0) return true;
    }
    return false;
  }

  /// Looks back from the readers over those that are not taken. Of what is still to be read of a
  /// current version, its readers come before the writers of the key.
  Node writer_that_leads_to_readers(Node node, Version version) {
    ++search_;
    open_.clear();
    const auto look_at = [&](State state) {
      if (is_taken_[state] != 0 || seen_in_[state] == search_ || state == node) return;
      seen_in_[state] = search_;
      open_.push_back(state);
    };
    const std::span<const Node> readers = pairs_.readers(version);
    for (const Node reader : readers) look_at(reader);
    // A reader that writes the key itself follows this version in any case.
    const std::size_t first_others = open_.size();
    for (std::size_t i = 0; i < open_.size() && i < most_looked_at; ++i) {
      const State state = open_[i];
      if (is_node(state)) {
        for (const Version other : written_.of(state)) {
          const std::uint32_t key = pairs_.key(other);
          if (key != pairs_.key(version)) {
            for (const Node reader : readers_of(current_if_taken(node, key))) look_at(reader);
          } else if (i >= first_others) {
            return state;
          }
        }
      }
      for (std::uint32_t at = begin_before_[state]; at < begin_before_[state + 1]; ++at) {
        look_at(states_before_[at]);
      }
    }
    return none;
  }

  /// The key's version if the node were taken.
  Version current_if_taken(Node node, std::uint32_t key) const {
    for (const Version version : written_.of(node)) {
      if (pairs_.key(version) == key) return version;
    }
    return current_[key];
  }

  std::span<const Node> readers_of(Version version) const {
    if (version < pairs_.versions()) return pairs_.readers(version);
    return graph_.problem().keys[version - pairs_.versions()].initial_readers;
  }

  void find_states_before() {
    begin_before_.assign(graph_.states() + 1, 0);
    for (State state = 0; state < graph_.states(); ++state) {
      graph_.for_each_next(state, [&](State next, std::uint32_t) { ++begin_before_[next + 1]; });
    }
    for (std::size_t i = 1; i < begin_before_.size(); ++i) begin_before_[i] += begin_before_[i - 1];
    states_before_.resize(begin_before_.back());
    before_.assign(graph_.states(), 0);
    for (State state = 0; state < graph_.states(); ++state) {
      graph_.for_each_next(state, [&](State next, std::uint32_t) {
        states_before_[begin_before_[next] + before_[next]++] = state;
      });
    }
    is_taken_.assign(graph_.states(), 0);
    seen_in_.assign(graph_.states(), 0);
  }

  void take(State state) {
    is_taken_[state] = 1;
    if (is_node(state)) {
      wake(first_of_nodes_ + state);
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

  /// Those that waited there look again.
  void wake(std::uint32_t place) {
    std::vector<Node>& waiting = waiting_[place];
    for (const Node node : waiting) {
      waiters_.erase({node, place});
      make_ready(node);
    }
    waiting.clear();
  }

  /// All wait for one another: the one that was invoked first overwrites what is still to be read.
  void force() {
    const auto [node, place] = *waiters_.begin();
    waiters_.erase(waiters_.begin());
    std::erase(waiting_[place], node);
    take(node);
  }

  const LevelGraph& graph_;
  const VersionPairs& pairs_;
  OfNodes written_;
  OfNodes read_;
  std::vector<Version> current_;
  std::vector<std::uint32_t> to_read_;
  std::vector<history::Position> last_return_;
  /// By key: no writer of a version before it is still to be taken.
  std::vector<Version> first_untaken_;
  /// By what is waited for: the readers of a version, or a node behind all versions.
  std::vector<std::vector<Node>> waiting_;
  std::uint32_t first_of_nodes_ = 0;
  /// The same by node.
  std::set<std::pair<Node, std::uint32_t>> waiters_;
  /// Of each state: those that lead to it, and how many of them are not taken.
  std::vector<std::uint32_t> begin_before_;
  std::vector<State> states_before_;
  std::vector<std::uint32_t> before_;
  std::vector<std::uint8_t> is_taken_;
  /// By state: the last search that saw it.
  std::vector<std::uint32_t> seen_in_;
  std::uint32_t search_ = 0;
  std::vector<State> open_;
  std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready_;
  Schedule made_;
};

}  // namespace

Schedule schedule(const LevelGraph& graph, const VersionPairs& pairs, bool goes_on) {
  return Scheduler(graph, pairs).run(goes_on);
}

}  // namespace sunder::checker::isolation
