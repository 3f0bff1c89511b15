#include "harness/run/peer_network.h"

#include <chrono>
#include <set>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "harness/run/tcp_owners.h"
#include "node/api/address.h"

namespace sunder::harness {

namespace asio = boost::asio;

namespace {

constexpr auto pause_between_searches = std::chrono::seconds(1);

nemesis::Framing framing_of(const Driver& driver) {
  return driver.frames() || driver.routes_messages() ? nemesis::Framing::frames
                                                     : nemesis::Framing::bytes;
}

std::string name_of_end(NodeId end) {
  return end == nemesis::all_clients ? "clients" : name_of(end);
}

}  // namespace

PeerNetwork::PeerNetwork(asio::io_context& io, const Driver& driver, const NodeProcesses& nodes,
                         nemesis::LinkRules& links, Namespaces* namespaces,
                         const results::RunStore& store, const RunClock& clock, OnFrame on_frame)
    : driver_(driver), nodes_(nodes), links_(links), namespaces_(namespaces), search_pause_(io) {
  if (namespaces_ == nullptr) {
    proxy_.emplace(io, links, framing_of(driver),
                   [this, on_frame = std::move(on_frame)](const nemesis::SentFrame& sent) {
                     witness_->observe(sent);
                     on_frame(sent);
                   });
  }
  if (!driver.frames()) return;
  wire_.emplace(store.wire_path());
  witness_.emplace(clock, [this](const trace::Record& record) { wire_->append(record); });
}

void PeerNetwork::open(nemesis::Switch::Options options) {
  if (namespaces_ != nullptr) {
    switch_.emplace(links_, namespaces_->take_ports(), options);
    return;
  }
  for (const auto& link : driver_.peer_links()) {
    proxy_->add_link({link.from, link.to}, parse_address(link.listen_address),
                     parse_address(link.upstream_address));
  }
  for (const auto& link : driver_.local_peer_links()) {
    proxy_->add_local_link({link.from, link.to}, link.listen_path, link.upstream_path);
  }
  for (const auto& door : driver_.peer_doors()) {
    proxy_->add_door(
        door.to, parse_address(door.listen_address), parse_address(door.upstream_address),
        [this](const Endpoint& dialer, const Endpoint& listener) {
          return node_that_dialed(dialer, listener);
        },
        door.edit_greeting);
  }
}

asio::awaitable<void> PeerNetwork::search_for_bypasses(OnBypass on_bypass) {
  std::set<std::pair<NodeId, NodeId>> known;
  while (!is_search_over_) {
    for (const auto& bypass : find_bypasses(running_processes())) {
      if (known.insert(bypass.nodes).second) on_bypass(bypass);
    }
    search_pause_.expires_after(pause_between_searches);
    boost::system::error_code cancelled;
    co_await search_pause_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
}

void PeerNetwork::close() {
  if (proxy_) proxy_->close();
  if (switch_) switch_->close();
}

std::optional<SwitchReport> PeerNetwork::switch_report() const {
  if (!switch_) return std::nullopt;
  auto ends = nemesis::all_nodes(nodes_.node_count());
  ends.push_back(nemesis::all_clients);
  SwitchReport report;
  for (const auto from : ends) {
    for (const auto to : ends) {
      if (from == to) continue;
      const auto seen = switch_->statistics({from, to});
      report.links.push_back({name_of_end(from), name_of_end(to), seen.frames_forwarded,
                              seen.bytes_forwarded, seen.frames_dropped});
    }
  }
  for (const auto end : switch_->gone()) report.gone.push_back(name_of_end(end));
  return report;
}

void PeerNetwork::stop_search() {
  is_search_over_ = true;
  search_pause_.cancel();
}

std::vector<std::pair<NodeId, pid_t>> PeerNetwork::running_processes() const {
  std::vector<std::pair<NodeId, pid_t>> running;
  for (const auto node : nemesis::all_nodes(nodes_.node_count())) {
    for (const auto pid : nodes_.pids(node)) running.emplace_back(node, pid);
  }
  return running;
}

std::optional<NodeId> PeerNetwork::node_that_dialed(const Endpoint& dialer,
                                                    const Endpoint& door) const {
  const auto inode = nemesis::socket_between(dialer, door);
  if (!inode) return std::nullopt;
  // Usually the first process of a node holds the socket. To look at it alone is ten times as fast.
  for (const auto find : {nemesis::sockets_of, nemesis::sockets_of_group}) {
    for (const auto& [node, pid] : running_processes()) {
      if (find(pid).contains(*inode)) return node;
    }
  }
  return std::nullopt;
}

}  // namespace sunder::harness
