#pragma once
// A cluster for tests: writes down what is asked of it, and refuses what Cluster says is never
// asked.

#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "nemesis/cluster.h"

namespace sunder::nemesis {

class FakeCluster : public Cluster {
 public:
  explicit FakeCluster(int node_count) : node_count_(node_count) {}

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

  std::optional<NodeNumber> leading;
  std::set<NodeNumber> down;
  std::set<NodeNumber> paused;
  std::vector<std::string> calls;

 private:
  void require(bool fits, const char* call, NodeNumber node) {
    calls.push_back(fmt::format("{} n{}", call, node));
    if (!fits) throw std::logic_error(calls.back() + " does not fit the node's state");
  }

  int node_count_;
};

}  // namespace sunder::nemesis
