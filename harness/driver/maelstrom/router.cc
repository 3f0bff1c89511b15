#include "harness/driver/maelstrom/router.h"

#include <utility>

namespace sunder::harness::maelstrom {

using nemesis::Link;
using nemesis::NodeNumber;
using nlohmann::json;

namespace {

// The messages of Maelstrom nodes have no type that faults of messages could choose by.
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
  for (int node = 0; node < node_count; ++node) nodes_.push_back(std::make_unique<Node>());
}

Router::~Router() {
  close();
}

Router::Node& Router::at(NodeNumber node) {
  return *nodes_.at(static_cast<std::size_t>(node - 1));
}

LinePipes::ChildEnds Router::connect(NodeNumber number) {
  auto& node = at(number);
  node.is_ready = false;
  LinePipes::ChildEnds ends;
  node.pipes = std::make_unique<LinePipes>(
      io_, ends, [this, number](std::string_view line) { heard(number, std::string(line)); },
      [&node] { node.is_ready = false; });
  json names = json::array();
  for (const auto each : nemesis::all_nodes(static_cast<int>(nodes_.size()))) {
    names.push_back(nemesis::node_name(each));
  }
  ask(starter, number,
      {{"type", "init"}, {"node_id", nemesis::node_name(number)}, {"node_ids", names}},
      [&node](const json& body) { node.is_ready = text_of(body, "type") == "init_ok"; });
  return ends;
}

bool Router::is_ready(NodeNumber node) const {
  return nodes_.at(static_cast<std::size_t>(node - 1))->is_ready;
}

std::string Router::new_client() {
  return "c" + std::to_string(++clients_);
}

std::int64_t Router::ask(const std::string& client, NodeNumber node, json body, OnReply on_reply) {
  const auto id = ++last_message_;
  body["msg_id"] = id;
  waiting_.emplace(id, std::move(on_reply));
  const json message{
      {"id", id}, {"src", client}, {"dest", nemesis::node_name(node)}, {"body", std::move(body)}};
  deliver(node, message.dump());
  return id;
}

void Router::heard(NodeNumber from, const std::string& line) {
  const auto message = json::parse(line, nullptr, false);
  const auto destination = text_of(message, "dest");
  const auto to = nemesis::node_number(destination);
  const bool is_message = text_of(message, "src") == nemesis::node_name(from) &&
                          message.contains("body") && message["body"].is_object();
  const bool is_node = to > 0 && to <= static_cast<int>(nodes_.size());
  if (!is_message || (!is_node && !destination.starts_with("c"))) {
    if (nonsense_.empty()) nonsense_ = nemesis::node_name(from) + ": " + line.substr(0, 200);
  } else if (!is_node) {
    replied(message["body"]);
  } else if (to == from) {
    deliver(to, line);
  } else {
    pass({from, to}, line);
  }
}

void Router::replied(const json& body) {
  if (!body.contains("in_reply_to") || !body["in_reply_to"].is_number_integer()) return;
  const auto found = waiting_.find(body["in_reply_to"].get<std::int64_t>());
  if (found == waiting_.end()) return;
  const auto on_reply = std::move(waiting_.extract(found).mapped());
  on_reply(body);
}

void Router::pass(Link link, std::string line) {
  if (links_.is_blocked(link) || links_.is_cut(link)) return;
  auto* fates = links_.fates(link);
  if (fates == nullptr) return deliver(link.to, std::move(line));
  const auto now = std::chrono::steady_clock::now();
  for (const auto& arrival : fates->decide(untyped, line.size(), now)) {
    // A message that was damaged on its way would be dropped by any checksum.
    if (!arrival.corrupted_byte) pass_later(link, line, arrival.when);
  }
}

void Router::pass_later(Link link, std::string line, std::chrono::steady_clock::time_point when) {
  const auto timer = std::make_shared<boost::asio::steady_timer>(io_, when);
  delayed_.insert(timer);
  timer->async_wait([this, link, timer, line = std::move(line)](boost::system::error_code over) {
    if (over) return;
    delayed_.erase(timer);
    if (!links_.is_blocked(link) && !links_.is_cut(link)) deliver(link.to, line);
  });
}

// To a node that is down it is lost.
void Router::deliver(NodeNumber node, std::string line) {
  if (auto& pipes = at(node).pipes) pipes->send(std::move(line));
}

void Router::close() {
  for (const auto& timer : std::exchange(delayed_, {})) timer->cancel();
  for (const auto& node : nodes_) node->pipes.reset();
}

}  // namespace sunder::harness::maelstrom
