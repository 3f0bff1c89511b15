#include "harness/run/deployment.h"

#include <chrono>
#include <exception>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/socket.h>

#include "harness/driver/client_sockets.h"
#include "harness/driver/systems.h"
#include "harness/run/disk_inspection.h"

namespace sunder::harness {

namespace asio = boost::asio;

namespace {

NodeProcesses::Disks disks_for(const nemesis::Schedule& schedule) {
  return nemesis::needs_disks(schedule) ? NodeProcesses::Disks::faulty
                                        : NodeProcesses::Disks::ordinary;
}

NodeProcesses::Clocks clocks_for(const nemesis::Schedule& schedule) {
  return nemesis::sets_clocks(schedule) ? NodeProcesses::Clocks::settable
                                        : NodeProcesses::Clocks::as_they_are;
}

std::unique_ptr<Namespaces> namespaces_for(const Deployment::Context& context) {
  if (!has_switch(context.plan)) return nullptr;
  auto made =
      std::make_unique<Namespaces>(context.watchdog, context.plan.nodes, context.store.folder());
  set_client_sockets(context.io, [namespaces = made.get()] {
    return namespaces->client_socket(AF_INET, SOCK_STREAM);
  });
  return made;
}

}  // namespace

Deployment::Deployment(const Context& context, Callbacks callbacks)
    : context_(context),
      callbacks_(std::move(callbacks)),
      namespaces_(namespaces_for(context)),
      driver_(find_system(context.plan.system)
                  .make_driver(context.plan,
                               {context.io, links_, addresses_, context.clock, context.watchdog,
                                context.store.folder(), namespaces_.get()})),
      nodes_(context.io, context.watchdog, *driver_, context.store, namespaces_.get(),
             disks_for(context.schedule), clocks_for(context.schedule),
             {callbacks_.on_crash, callbacks_.on_observation,
              [&reports = context.reports](auto node, const auto& order, const auto& reply) {
                reports.on_disk_reply(node, order, reply);
              },
              [&reports = context.reports](auto node, const auto& shown) {
                reports.on_clock_set(node, shown);
              }}),
      network_(context.io, *driver_, nodes_, links_, namespaces_.get(), context.store,
               context.clock, [this](const nemesis::SentFrame& sent) {
                 const auto seen = nemesis::observe(sent, context_.clock.now());
                 if (seen) callbacks_.on_observation(*seen);
               }) {
  if (!driver_->make_status_reader(context.io, NodeId{1})) return;
  status_.emplace(context.io, *driver_, context.clock, context.store.roles_path(),
                  [this](auto node, const auto& status) { on_status(node, status); });
}

Deployment::~Deployment() {
  set_client_sockets(context_.io, nullptr);
}

void Deployment::close() {
  network_.close();
  if (const auto report = network_.switch_report()) {
    write_switch_report(context_.store.folder(), context_.plan, *report);
  }
}

// What it throws comes out of the io_context.
void Deployment::spawn(asio::awaitable<void> part) {
  asio::co_spawn(context_.io, std::move(part), [](const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);
  });
}

void Deployment::start() {
  network_.open({releases_last_frames(context_.plan)});
  start_next();
  while (!driver_->starts_one_by_one() && started_ < nodes_.node_count()) start_next();
  if (namespaces_ || driver_->peer_doors().empty()) return;
  const PeerNetwork::OnBypass on_bypass = [this](const Bypass& bypass) {
    context_.reports.on_bypass(bypass);
  };
  spawn(network_.search_for_bypasses(on_bypass));
}

void Deployment::start_next() {
  const NodeId node{++started_};
  nodes_.start(node);
  if (status_) spawn(status_->watch(node));
}

bool Deployment::is_ready() const {
  return status_ ? status_->is_ready() : nodes_.leader().has_value();
}

asio::awaitable<void> Deployment::set_up() {
  const auto until = std::chrono::steady_clock::now() + driver_->startup_patience();
  co_await driver_->set_up(context_.io, until);
}

void Deployment::on_status(NodeId node, const NodeStatus& status) {
  if (status.role == NodeStatus::Role::leader) {
    nodes_.set_leader(node, status.term);
    nemesis::Observation elected{node, status.term, nemesis::NodeEvent::became_leader};
    elected.time = context_.clock.now();
    callbacks_.on_observation(elected);
  } else {
    nodes_.clear_leader(node);
  }
  if (started_ < nodes_.node_count() && status_->is_ready(NodeId{started_})) start_next();
  callbacks_.on_status();
}

std::string Deployment::freeze() {
  std::vector<std::string> frozen;
  for (const auto node : nemesis::all_nodes(nodes_.node_count())) {
    nodes_.pause(node);
    const auto pid = nodes_.pid(node);
    frozen.push_back(fmt::format("{} {}", name_of(node),
                                 pid ? fmt::format("pid {}", *pid) : std::string("is down")));
  }
  return fmt::format("{}", fmt::join(frozen, " "));
}

void Deployment::thaw() {
  for (const auto node : nemesis::all_nodes(nodes_.node_count())) nodes_.resume(node);
}

asio::awaitable<void> Deployment::stop() {
  for (const auto& complaint : driver_->conclude()) context_.reports.on_complaint(complaint);
  if (status_) status_->stop();
  network_.stop_search();
  co_await nodes_.stop();
}

asio::awaitable<void> Deployment::inspect() {
  const auto& store = context_.store;
  co_await inspect_disks(context_.io, context_.watchdog, *driver_, store);
  const auto report = driver_->check_files(store.folder() / "data");
  if (report) context_.reports.on_files_report(*report);
}

}  // namespace sunder::harness
