#include "harness/driver/maelstrom/router.h"

#include <chrono>
#include <utility>

namespace sunder::harness::maelstrom {

using nemesis::Link;
using Clock = std::chrono::steady_clock;
using nlohmann::json;

namespace {

// Maelstrom messages have no frame type, so a fault of chosen types never matches them.
constexpr auto untyped = static_cast<FrameType>(0);
const std::string starter = "c0";

std::string text_of(const json& message, const char* member) {
  if (!message.is_object() || !message.contains(member)) return {};
  const auto& text = message[member];
  return text.is_string() ? text.get<std::string>() : std::string();
}

}  // namespace

struct Router::Node {
  std::unique_ptr<LinePipes> pipes;
  bool is_ready = false;
};

Router::Router(boost::asio::io_context& io, nemesis::LinkRules& links, int node_count)
    : io_(io), links_(links) {
  links_.listen(*this);
  for (int node = 0; node < node_count; ++node) nodes_.push_back(std::make_unique<Node>());
}

Router::~Router() {
  links_.stop_listening(*this);
  close();
}

Router::Node& Router::at(NodeId node) {
  return *nodes_.at(position_of(node));
}

LinePipes::ChildEnds Router::connect(NodeId number) {
  auto& node = at(number);
  node.is_ready = false;
  LinePipes::ChildEnds ends;
  node.pipes = std::make_unique<LinePipes>(
      io_, ends, [this, number](std::string_view line) { heard(number, std::string(line)); },
      [&node] { node.is_ready = false; });
  json names = json::array();
  for (const auto each : nemesis::all_nodes(static_cast<int>(nodes_.size()))) {
    names.push_back(name_of(each));
  }
  ask(starter, number, {{"type", "init"}, {"node_id", name_of(number)}, {"node_ids", names}},
      [&node](const json& body) { node.is_ready = text_of(body, "type") == "init_ok"; });
  return ends;
}

bool Router::is_ready(NodeId node) const {
  return nodes_.at(position_of(node))->is_ready;
}

std::string Router::new_client() {
  return "c" + std::to_string(++clients_);
}

std::int64_t Router::ask(const std::string& client, NodeId node, json body, OnReply on_reply) {
  const auto id = ++last_message_;
  body["msg_id"] = id;
  waiting_.emplace(id, std::move(on_reply));
  const json message{
      {"id", id}, {"src", client}, {"dest", name_of(node)}, {"body", std::move(body)}};
  deliver(node, message.dump());
  return id;
}

void Router::heard(NodeId from, const std::string& line) {
  const auto message = json::parse(line, nullptr, false);
  const auto destination = text_of(message, "dest");
  const auto to = nemesis::node_named(destination);
  const bool is_message = text_of(message, "src") == name_of(from) && message.contains("body") &&
                          message["body"].is_object();
  const bool is_node = to && position_of(*to) < nodes_.size();
  if (!is_message || (!is_node && !destination.starts_with("c"))) {
    if (nonsense_.empty()) nonsense_ = name_of(from) + ": " + line.substr(0, 200);
  } else if (!is_node) {
    replied(message["body"]);
  } else if (to == from) {
    deliver(from, line);
  } else {
    const Link link{from, *to};
    lane(link).in_flight.send(line, untyped, line.size(), Clock::now());
    deliver_due(link);
  }
}

void Router::replied(const json& body) {
  if (!body.contains("in_reply_to") || !body["in_reply_to"].is_number_integer()) return;
  const auto found = waiting_.find(body["in_reply_to"].get<std::int64_t>());
  if (found == waiting_.end()) return;
  const auto on_reply = std::move(waiting_.extract(found).mapped());
  on_reply(body);
}

Router::Lane& Router::lane(Link link) {
  const auto found = lanes_.find(link);
  if (found != lanes_.end()) return found->second;
  Lane lane{{links_, link, nemesis::Traffic::messages}, boost::asio::steady_timer(io_)};
  return lanes_.emplace(link, std::move(lane)).first->second;
}

void Router::deliver_due(Link link) {
  auto& [in_flight, due] = lane(link);
  while (auto arrival = in_flight.take_due(Clock::now())) {
    // The receiver of a damaged message would drop it: any checksum shows the damage.
    if (!arrival->is_lost && !arrival->corrupted_byte) {
      deliver(link.to, std::move(arrival->message));
    }
  }
  const auto next = in_flight.next_due();
  if (!next || due.expiry() == *next) return;
  due.expires_at(*next);
  due.async_wait([this, link](boost::system::error_code cancelled) {
    if (!cancelled) deliver_due(link);
  });
}

void Router::rules_changed(Link link) {
  lane(link).in_flight.rules_changed();
  deliver_due(link);
}

// Messages to a node that is down are lost.
void Router::deliver(NodeId node, std::string line) {
  if (auto& pipes = at(node).pipes) pipes->send(std::move(line));
}

void Router::close() {
  lanes_.clear();
  for (const auto& node : nodes_) node->pipes.reset();
}

}  // namespace sunder::harness::maelstrom
