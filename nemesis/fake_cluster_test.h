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
    for (NodeId node : all_nodes(node_count)) voters.insert(node);
  }

  int node_count() const override { return node_count_; }
  std::optional<NodeId> leader() const override { return leading; }

  void kill(NodeId node) override {
    require(down.insert(node).second, "kill", node);
    paused.erase(node);
  }
  void start(NodeId node) override { require(down.erase(node) > 0, "start", node); }
  void pause(NodeId node) override {
    require(!down.contains(node) && paused.insert(node).second, "pause", node);
  }
  void resume(NodeId node) override { require(paused.erase(node) > 0, "resume", node); }

  void empty_disk(NodeId node) override {
    require(down.contains(node) && !voters.contains(node), "empty", node);
  }
  bool has_faulty_disks() const override { return on_faulty_disks; }
  void order_disk(NodeId node, std::string order) override {
    calls.push_back(fmt::format("disk {}: {}", name_of(node), order));
  }
  bool has_settable_clocks() const override { return clocks_can_be_set; }
  bool has_settable_clock_rates() const override { return clock_rates_can_be_set; }
  void set_clock(NodeId node, const ClockSetting& setting) override {
    calls.push_back(fmt::format("clock {}: {} {}ms", name_of(node), setting.rate,
                                setting.ahead / std::chrono::milliseconds(1)));
  }
  Administrator* administrator() override { return takes_orders ? this : nullptr; }

  Outsider outsider() const override { return outsiders_end ? Outsider::ends : Outsider::waits; }
  boost::asio::awaitable<bool> has_come_in(NodeId node) override { co_return comes_in(node); }

  boost::asio::awaitable<Answer> transfer_leadership(NodeId to) override {
    calls.push_back(fmt::format("transfer {}", name_of(to)));
    const Answer answer = next_answer();
    if (answer.outcome == Outcome::done) leading = to;
    co_return answer;
  }
  boost::asio::awaitable<Answer> remove_voters(std::vector<NodeId> nodes) override {
    calls.push_back(fmt::format("remove {}", names_of(nodes)));
    const Answer answer = next_answer();
    if (answer.outcome == Outcome::done) {
      for (NodeId node : nodes) voters.erase(node);
    }
    co_return answer;
  }
  boost::asio::awaitable<Answer> add_voters(std::vector<NodeId> nodes) override {
    calls.push_back(fmt::format("add {}", names_of(nodes)));
    const Answer answer = next_answer();
    if (answer.outcome == Outcome::done) voters.insert(nodes.begin(), nodes.end());
    co_return answer;
  }
  boost::asio::awaitable<bool> knows_of_removal(NodeId witness, NodeId node) override {
    if (unknowing.erase(witness) > 0) co_return false;
    co_return !voters.contains(node);
  }

  std::set<NodeId> voters;
  bool takes_orders = true;
  bool outsiders_end = false;
  /// Whether a newcomer takes part by now.
  std::function<bool(NodeId node)> comes_in = [](NodeId) { return true; };
  bool on_faulty_disks = true;
  bool clocks_can_be_set = true;
  bool clock_rates_can_be_set = true;
  /// To the next orders, in turn; when there are none left, orders are carried out.
  std::deque<Answer> answers;
  /// Those that know nothing of a removal when they are asked for the first time.
  std::set<NodeId> unknowing;
  std::optional<NodeId> leading;
  std::set<NodeId> down;
  std::set<NodeId> paused;
  std::vector<std::string> calls;

 private:
  Answer next_answer() {
    if (answers.empty()) return {};
    Answer answer = answers.front();
    answers.pop_front();
    return answer;
  }

  void require(bool fits, const char* call, NodeId node) {
    calls.push_back(fmt::format("{} {}", call, name_of(node)));
    if (!fits) throw std::logic_error(calls.back() + " does not fit the node's state");
  }

  static std::string names_of(const std::vector<NodeId>& nodes) {
    std::vector<std::string> names;
    for (NodeId node : nodes) names.push_back(name_of(node));
    return fmt::format("{}", fmt::join(names, " "));
  }

  int node_count_;
};

}  // namespace sunder::nemesis
