#pragma once
// A cluster for tests: writes down what is asked of it, and refuses what ClusterControl says is
// never asked. Orders are carried out at once, unless the test has said how the next ones are
// answered.

#include <deque>
#include <functional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nemesis/cluster_control.h"

namespace sunder::nemesis {

class FakeCluster : public ClusterControl, public Administrator {
 public:
  explicit FakeCluster(int node_count) : node_count_(node_count) {
    for (NodeNumber node : all_nodes(node_count)) voters.insert(node);
  }

  int node_count() const override { return node_count_; }
  std::optional<NodeNumber> leader() const override { return leading; }

  void kill(NodeNumber node) override {
    require(down.insert(node).second, "kill", node);
    paused.erase(node);
  }
  void start(NodeNumber node) override { require(down.erase(node) > 0, "start", node); }
  void pause(NodeNumber node) override {
    require(!down.contains(node) && paused.insert(node).second, "pause", node);
  }
  void resume(NodeNumber node) override { require(paused.erase(node) > 0, "resume", node); }

  void empty_disk(NodeNumber node) override {
    require(down.contains(node) && !voters.contains(node), "empty", node);
  }
  bool has_faulty_disks() const override { return on_faulty_disks; }
  void order_disk(NodeNumber node, std::string order) override {
    calls.push_back(fmt::format("disk n{}: {}", node, order));
  }
  bool has_settable_clocks() const override { return clocks_can_be_set; }
  bool has_settable_clock_rates() const override { return clock_rates_can_be_set; }
  void set_clock(NodeNumber node, const ClockSetting& setting) override {
    calls.push_back(fmt::format("clock n{}: {} {}ms", node, setting.rate,
                                setting.ahead / std::chrono::milliseconds(1)));
  }
  Administrator* administrator() override { return takes_orders ? this : nullptr; }

  Outsider outsider() const override { return outsiders_end ? Outsider::ends : Outsider::waits; }
  boost::asio::awaitable<bool> has_come_in(NodeNumber node) override { co_return comes_in(node); }

  boost::asio::awaitable<Answer> transfer_leadership(NodeNumber to) override {
    calls.push_back(fmt::format("transfer n{}", to));
    const Answer answer = next_answer();
    if (answer.outcome == Outcome::done) leading = to;
    co_return answer;
  }
  boost::asio::awaitable<Answer> remove_voters(std::vector<NodeNumber> nodes) override {
    calls.push_back(fmt::format("remove n{}", fmt::join(nodes, " n")));
    const Answer answer = next_answer();
    if (answer.outcome == Outcome::done) {
      for (NodeNumber node : nodes) voters.erase(node);
    }
    co_return answer;
  }
  boost::asio::awaitable<Answer> add_voters(std::vector<NodeNumber> nodes) override {
    calls.push_back(fmt::format("add n{}", fmt::join(nodes, " n")));
    const Answer answer = next_answer();
    if (answer.outcome == Outcome::done) voters.insert(nodes.begin(), nodes.end());
    co_return answer;
  }
  boost::asio::awaitable<bool> knows_of_removal(NodeNumber witness, NodeNumber node) override {
    if (unknowing.erase(witness) > 0) co_return false;
    co_return !voters.contains(node);
  }

  std::set<NodeNumber> voters;
  bool takes_orders = true;
  bool outsiders_end = false;
  /// Whether a newcomer takes part by now.
  std::function<bool(NodeNumber node)> comes_in = [](NodeNumber) { return true; };
  bool on_faulty_disks = true;
  bool clocks_can_be_set = true;
  bool clock_rates_can_be_set = true;
  /// To the next orders, in turn; when there are none left, orders are carried out.
  std::deque<Answer> answers;
  /// Those that know nothing of a removal when they are asked for the first time.
  std::set<NodeNumber> unknowing;
  std::optional<NodeNumber> leading;
  std::set<NodeNumber> down;
  std::set<NodeNumber> paused;
  std::vector<std::string> calls;

 private:
  Answer next_answer() {
    if (answers.empty()) return {};
    Answer answer = answers.front();
    answers.pop_front();
    return answer;
  }

  void require(bool fits, const char* call, NodeNumber node) {
    calls.push_back(fmt::format("{} n{}", call, node));
    if (!fits) throw std::logic_error(calls.back() + " does not fit the node's state");
  }

  int node_count_;
};

}  // namespace sunder::nemesis
