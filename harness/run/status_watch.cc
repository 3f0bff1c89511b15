#include "harness/run/status_watch.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

namespace sunder::harness {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto pause_between_questions = 100ms;

std::string_view name_of(NodeStatus::Role role) {
  switch (role) {
    case NodeStatus::Role::follower:
      return "follower";
    case NodeStatus::Role::candidate:
      return "candidate";
    case NodeStatus::Role::leader:
      return "leader";
    case NodeStatus::Role::unsaid:
      break;
  }
  return "unsaid";
}

}  // namespace

struct StatusWatch::Watched {
  Watched(asio::io_context& io, std::unique_ptr<StatusReader> its_reader)
      : reader(std::move(its_reader)), pause(io) {}

  std::unique_ptr<StatusReader> reader;
  asio::steady_timer pause;
  /// Empty while it does not answer.
  std::optional<NodeStatus> last;
};

StatusWatch::StatusWatch(asio::io_context& io, const Driver& driver, const RunClock& clock,
                         const std::filesystem::path& path, OnStatus on_status)
    : clock_(clock), file_(path), on_status_(std::move(on_status)) {
  for (const auto node : nemesis::all_nodes(driver.node_count())) {
    nodes_.push_back(std::make_shared<Watched>(io, driver.make_status_reader(io, node)));
  }
}

asio::awaitable<void> StatusWatch::watch(NodeId node) {
  const auto watched = nodes_.at(position_of(node));
  while (!stopped_) {
    const auto until = std::chrono::steady_clock::now() + watched->reader->patience();
    const auto status = co_await watched->reader->ask(until);
    if (stopped_) break;
    const bool is_news = status && status != watched->last;
    watched->last = status;
    if (is_news) report(node, *status);
    watched->pause.expires_after(pause_between_questions);
    boost::system::error_code cancelled;
    co_await watched->pause.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
}

void StatusWatch::report(NodeId node, const NodeStatus& status) {
  if (status.role != NodeStatus::Role::unsaid) {
    file_.append(nlohmann::json{{"time", clock_.now().count()},
                                {"node", name_of(node)},
                                {"role", name_of(status.role)},
                                {"term", status.term}}
                     .dump() +
                 "\n");
  }
  on_status_(node, status);
}

void StatusWatch::stop() {
  stopped_ = true;
  for (const auto& watched : nodes_) watched->pause.cancel();
}

bool StatusWatch::is_ready(NodeId node) const {
  return nodes_.at(position_of(node))->last.has_value();
}

bool StatusWatch::is_ready() const {
  const auto is = [](NodeStatus::Role role) {
    return [role](const auto& watched) { return watched->last && watched->last->role == role; };
  };
  const bool all_answer = std::all_of(nodes_.begin(), nodes_.end(),
                                      [](const auto& watched) { return bool(watched->last); });
  return all_answer && (std::any_of(nodes_.begin(), nodes_.end(), is(NodeStatus::Role::leader)) ||
                        std::all_of(nodes_.begin(), nodes_.end(), is(NodeStatus::Role::unsaid)));
}

}  // namespace sunder::harness
