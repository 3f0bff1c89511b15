#pragma once
// The links between the nodes: the switch at which they stand, or else the proxy on each link, the
// file of what crossed them (wire_witness.h), and the search for connections that bypass the proxy.

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <sys/types.h>

#include "harness/driver/driver.h"
#include "harness/judge/switch_evidence.h"
#include "harness/namespaces/namespaces.h"
#include "harness/run/node_processes.h"
#include "harness/run/proxy_bypass.h"
#include "harness/run/record_file.h"
#include "harness/run/wire_witness.h"
#include "nemesis/network/link_rules.h"
#include "nemesis/network/proxy.h"
#include "nemesis/network/switch/switch.h"
#include "results/store/run_store.h"

namespace sunder::harness {

class PeerNetwork {
 public:
  using OnFrame = std::function<void(const nemesis::SentFrame& sent)>;
  using OnBypass = std::function<void(const Bypass& bypass)>;

  /// The references must outlive it. `on_frame` is called before the proxy forwards the frame.
  /// With namespaces there is a switch, and no proxy.
  PeerNetwork(boost::asio::io_context& io, const Driver& driver, const NodeProcesses& nodes,
              nemesis::LinkRules& links, Namespaces* namespaces, const results::RunStore& store,
              const RunClock& clock, OnFrame on_frame);

  /// Before the first node starts. The options are the switch's.
  void open(nemesis::Switch::Options options);
  /// Until stop_search(). `on_bypass` is called once for each two nodes. A connection that lives
  /// for less than a second may go unseen.
  boost::asio::awaitable<void> search_for_bypasses(OnBypass on_bypass);
  void stop_search();
  void close();
  /// What the switch carried; nothing if there is none.
  std::optional<SwitchReport> switch_report() const;

 private:
  using Endpoint = boost::asio::ip::tcp::endpoint;

  std::vector<std::pair<NodeId, pid_t>> running_processes() const;
  std::optional<NodeId> node_that_dialed(const Endpoint& dialer, const Endpoint& door) const;

  const Driver& driver_;
  const NodeProcesses& nodes_;
  nemesis::LinkRules& links_;
  Namespaces* namespaces_;
  /// The one that the nodes have: of both the rules would think that they carry byte streams.
  std::optional<nemesis::Switch> switch_;
  std::optional<nemesis::Proxy> proxy_;
  /// Only of links that carry frames.
  std::optional<RecordFile> wire_;
  std::optional<WireWitness> witness_;
  boost::asio::steady_timer search_pause_;
  bool is_search_over_ = false;
};

}  // namespace sunder::harness
