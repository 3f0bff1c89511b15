#include "harness/driver/maelstrom/node.h"

#include <array>
#include <stdexcept>
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "harness/driver/maelstrom/protocol.h"
#include "harness/driver/maelstrom/router.h"

namespace sunder::harness::maelstrom {

namespace {

namespace asio = boost::asio;
using workloads::Call;
using workloads::Completion;

std::filesystem::path program_of(const Plan& plan) {
  const auto given = plan.system_options.find("bin");
  if (given == plan.system_options.end()) {
    throw std::invalid_argument("maelstrom needs a program: --system maelstrom --bin ./node.py");
  }
  if (::access(given->second.c_str(), X_OK) == 0) return std::filesystem::absolute(given->second);
  throw std::invalid_argument(
      fmt::format("--bin {}: is not there or cannot be executed", given->second));
}

class InitReader final : public StatusReader {
 public:
  InitReader(const Router& router, NodeId node) : router_(router), node_(node) {}

  asio::awaitable<std::optional<NodeStatus>> ask(std::chrono::steady_clock::time_point) override {
    if (!router_.is_ready(node_)) co_return std::nullopt;
    co_return NodeStatus();
  }

 private:
  const Router& router_;
  NodeId node_;
};

/// Always asks its own node, as Maelstrom's clients do.
class MaelstromClient final : public Client {
 public:
  MaelstromClient(asio::io_context& io, Router& router, NodeId node)
      : router_(router), node_(node), name_(router.new_client()), timer_(io) {}

  asio::awaitable<Completion> invoke(Call call, std::chrono::nanoseconds timeout) override {
    std::optional<Completion> completion;
    const auto id = router_.ask(name_, node_, body_of(call), [&](const nlohmann::json& body) {
      completion = classify(call, body);
      timer_.cancel();
    });
    timer_.expires_after(timeout);
    boost::system::error_code cancelled;
    if (!completion) {
      co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    }
    router_.forget(id);
    if (!completion) co_return unanswered(call, "timeout");
    set_answerer(*completion, name_of(node_));
    co_return *completion;
  }

 private:
  Router& router_;
  NodeId node_;
  std::string name_;
  asio::steady_timer timer_;
};

class MaelstromDriver final : public Driver {
 public:
  MaelstromDriver(const Plan& plan, const Surroundings& surroundings)
      : node_count_(plan.nodes),
        program_(program_of(plan)),
        router_(surroundings.io, surroundings.links, plan.nodes) {}

  int node_count() const override { return node_count_; }

  bool routes_messages() const override { return true; }

  Launch launch(NodeId node, const std::filesystem::path& data) const override {
    std::filesystem::create_directories(data);
    const auto ends = router_.connect(node);
    Launch launch{program_, {}};
    launch.environment = {{"SUNDER_DIR", std::filesystem::absolute(data).string()}};
    launch.input = ends.input;
    launch.output = ends.output;
    return launch;
  }

  std::unique_ptr<StatusReader> make_status_reader(asio::io_context&, NodeId node) const override {
    return std::make_unique<InitReader>(router_, node);
  }

  std::unique_ptr<Client> make_client(asio::io_context& io, NodeId node,
                                      history::ProcessId) const override {
    return std::make_unique<MaelstromClient>(io, router_, node);
  }

  std::vector<std::string> conclude() override {
    router_.close();
    if (router_.nonsense().empty()) return {};
    return {"a node wrote what is no message of its own: " + router_.nonsense()};
  }

 private:
  int node_count_;
  std::filesystem::path program_;
  mutable Router router_;
};

}  // namespace

std::span<const SystemOption> options() {
  static constexpr std::array all{
      SystemOption{"bin", "a path", "the program of a node; --bin says the same",
                   [](std::string_view value) { return !value.empty(); }},
  };
  return all;
}

void require_program(const Plan& plan) {
  program_of(plan);
}

std::unique_ptr<Driver> make_driver(const Plan& plan, const Surroundings& surroundings) {
  return std::make_unique<MaelstromDriver>(plan, surroundings);
}

}  // namespace sunder::harness::maelstrom
