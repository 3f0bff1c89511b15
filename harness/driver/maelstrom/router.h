#pragma once
// Carries the messages of Maelstrom nodes: from each node's output to the input of the node, or to
// the client, that the message is addressed to. Between nodes, faults of links apply to each
// message (nemesis/network/in_flight.h). Between clients and nodes nothing is lost.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <nlohmann/json.hpp>

#include "harness/process/line_pipes.h"
#include "nemesis/link.h"
#include "nemesis/network/in_flight.h"

namespace sunder::harness::maelstrom {

class Router final : private nemesis::LinkRules::Listener {
 public:
  /// The references must outlive this.
  Router(boost::asio::io_context& io, nemesis::LinkRules& links, int node_count);
  ~Router() override;
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  /// Pipes to a node that is about to start, which is sent its `init` at once. Those to its last
  /// incarnation are closed.
  LinePipes::ChildEnds connect(NodeId node);
  /// It has answered its `init`.
  bool is_ready(NodeId node) const;

  using OnReply = std::function<void(const nlohmann::json& body)>;
  /// A name that no client has yet: "c7".
  std::string new_client();
  /// Gives the body its msg_id, and the reply to it to `on_reply`, once. Returns the id.
  std::int64_t ask(const std::string& client, NodeId node, nlohmann::json body, OnReply on_reply);
  /// The reply is of no interest any more.
  void forget(std::int64_t message_id) { waiting_.erase(message_id); }

  /// Closes all pipes.
  void close();

  /// Lines of nodes that are no messages of theirs: the first one.
  const std::string& nonsense() const { return nonsense_; }

 private:
  struct Node;
  struct Lane {
    nemesis::InFlight<std::string> in_flight;
    boost::asio::steady_timer due;
  };

  Node& at(NodeId node);
  void heard(NodeId from, const std::string& line);
  void replied(const nlohmann::json& body);
  Lane& lane(nemesis::Link link);
  void deliver_due(nemesis::Link link);
  nemesis::Framing framing() const override { return nemesis::Framing::frames; }
  void rules_changed(nemesis::Link link) override;
  void reset(nemesis::Link link) override { lane(link).in_flight.lose_all(); }
  void deliver(NodeId node, std::string line);

  boost::asio::io_context& io_;
  nemesis::LinkRules& links_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::map<std::int64_t, OnReply> waiting_;
  std::map<nemesis::Link, Lane> lanes_;
  std::int64_t last_message_ = 0;
  int clients_ = 0;
  std::string nonsense_;
};

}  // namespace sunder::harness::maelstrom
