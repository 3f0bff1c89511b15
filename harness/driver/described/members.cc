#include "harness/driver/described/members.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "harness/process/command.h"

namespace sunder::harness::described {

namespace asio = boost::asio;

namespace {

class Members final : public nemesis::Administrator {
 public:
  Members(asio::io_context& io, Watchdog& watchdog, const Launches& launches,
          const Namespaces* namespaces, std::filesystem::path log)
      : io_(io),
        watchdog_(watchdog),
        launches_(launches),
        namespaces_(namespaces),
        log_(std::move(log)) {}

  Outsider outsider() const override { return commands().ends ? Outsider::ends : Outsider::waits; }

  asio::awaitable<Answer> transfer_leadership(NodeId to) override {
    return order(commands().transfer, std::vector<NodeId>{to});
  }
  asio::awaitable<Answer> remove_voters(std::vector<NodeId> nodes) override {
    return order(commands().remove, std::move(nodes));
  }
  asio::awaitable<Answer> add_voters(std::vector<NodeId> nodes) override {
    return order(commands().add, std::move(nodes));
  }

  // A removed node that runs on may have nobody who tells it; the order itself was carried out.
  asio::awaitable<bool> knows_of_removal(NodeId, NodeId) override { co_return true; }

  asio::awaitable<bool> has_come_in(NodeId node) override {
    if (commands().joined.empty()) co_return true;
    const auto end = co_await run(commands().joined, node);
    co_return end.succeeded();
  }

 private:
  const MemberCommands& commands() const { return *launches_.description().members; }

  asio::awaitable<CommandEnd> run(const Command& command, NodeId node) {
    auto launch = launches_.for_node(node, command);
    if (namespaces_ != nullptr) launch = namespaces_->among_clients(std::move(launch));
    const LineProcess::Options options{launch.program,
                                       launch.arguments,
                                       log_,
                                       launch.environment,
                                       launch.inherits_environment,
                                       launch.enters_pid_namespace};
    const auto until = std::chrono::steady_clock::now() + commands().timeout;
    co_return co_await run_command(io_, watchdog_, options, until);
  }

  /// One node after the other, until one order fails.
  asio::awaitable<Answer> order(const Command& command, std::vector<NodeId> nodes) {
    bool is_begun = false;
    for (const auto node : nodes) {
      const auto end = co_await run(command, node);
      if (!end.succeeded()) {
        const bool is_refused = !is_begun && is_refusal(end.how);
        co_return Answer{is_refused ? Outcome::refused : Outcome::unknown, reason_of(end, log_)};
      }
      is_begun = true;
    }
    co_return Answer{};
  }

  bool is_refusal(const std::string& how) const {
    for (const int status : commands().refused) {
      if (how == fmt::format("exit status {}", status)) return true;
    }
    return false;
  }

  asio::io_context& io_;
  Watchdog& watchdog_;
  const Launches& launches_;
  const Namespaces* namespaces_;
  std::filesystem::path log_;
};

}  // namespace

std::unique_ptr<nemesis::Administrator> make_members(asio::io_context& io, Watchdog& watchdog,
                                                     const Launches& launches,
                                                     const Namespaces* namespaces,
                                                     std::filesystem::path log) {
  if (!launches.description().members) return nullptr;
  return std::make_unique<Members>(io, watchdog, launches, namespaces, std::move(log));
}

}  // namespace sunder::harness::described
