#include "harness/driver/described/node.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/isolation/level.h"
#include "harness/driver/described/adapter.h"
#include "harness/driver/described/description.h"
#include "harness/driver/described/folders.h"
#include "harness/driver/described/launches.h"
#include "harness/driver/described/members.h"
#include "harness/driver/described/readiness.h"
#include "harness/driver/described/roles.h"
#include "harness/driver/faked_clocks.h"
#include "harness/driver/http_connection.h"
#include "harness/driver/installed_file.h"
#include "harness/driver/node_addresses.h"
#include "harness/driver/port_reader.h"
#include "harness/namespaces/namespaces.h"
#include "harness/process/programs.h"
#include "nemesis/link.h"

namespace sunder::harness::described {

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using history::EventType;
using namespace std::chrono_literals;

LineProcess::Options line_process(const Launch& launch, const fs::path& log) {
  return {launch.program,
          launch.arguments,
          log,
          launch.environment,
          launch.inherits_environment,
          launch.enters_pid_namespace};
}

std::string contents_of(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class DescribedDriver final : public Driver {
 public:
  DescribedDriver(const Plan& plan, const Surroundings& surroundings)
      : node_count_(plan.nodes),
        namespaces_(surroundings.namespaces),
        watchdog_(surroundings.watchdog),
        log_folder_(surroundings.folder / "log"),
        addresses_(surroundings, plan.nodes),
        launches_(read_description(description_file(plan.system)), plan.system_options, addresses_,
                  plan.nodes, surroundings.folder / "data"),
        clocks_(surroundings.folder / "clocks"),
        adapters_(surroundings.watchdog,
                  line_process(among_clients(launches_.adapter()), log_folder_ / "adapter.log"),
                  description().multiplexed) {
    fs::copy_file(description_file(plan.system), surroundings.folder / "system.json");
  }

  int node_count() const override { return node_count_; }

  Launch launch(NodeId node, const fs::path& data) const override {
    write_files(node, data);
    return launches_.of_node(node, Launches::Start::again);
  }

  Launch launch_first(NodeId node, const fs::path& data) const override {
    write_files(node, data);
    return launches_.of_node(node, Launches::Start::first);
  }

  Launch launch_newcomer(NodeId node, const fs::path& data) const override {
    write_files(node, data);
    return launches_.of_node(node, Launches::Start::joining);
  }

  std::unique_ptr<nemesis::Administrator> make_administrator(asio::io_context& io) const override {
    return make_members(io, watchdog_, launches_, namespaces_, log_folder_ / "members.log");
  }

  std::unique_ptr<ClockSetter> make_clock_setter(asio::io_context&, NodeId node) const override {
    return description().fakes_clocks ? clocks_.make_setter(node) : nullptr;
  }

  void set_clock(Launch& launch, NodeId node, const nemesis::ClockSetting& setting) const override {
    clocks_.set(launch, node, setting);
    for (auto& beside : launch.beside) clocks_.set(beside, node, setting);
  }

  std::optional<FilesReport> check_files(const fs::path&) const override {
    const auto& check = description().files_check;
    if (!check) return std::nullopt;
    FilesReport whole{fs::path(check->command.front()).filename().string(), true, {}};
    const auto add = [&whole](const Launch& launch, const std::string& where) {
      const auto end = run_to_its_end(launch);
      if (end.exit_code == 0) return;
      whole.passed = false;
      whole.said += (whole.said.empty() ? "" : "; ") + where + last_words(end);
    };
    if (!check->is_of_each) add(launches_.for_run(check->command), {});
    for (const auto node : nemesis::all_nodes(check->is_of_each ? node_count_ : 0)) {
      add(launches_.for_node(node, check->command), name_of(node) + ": ");
    }
    return whole;
  }

  bool starts_one_by_one() const override { return description().is_staggered; }

  std::chrono::nanoseconds startup_patience() const override {
    return description().startup_timeout;
  }

  asio::awaitable<void> set_up(asio::io_context& io, Deadline until) override {
    if (!description().setup) co_return;
    std::string why;
    asio::steady_timer pause(io);
    while (std::chrono::steady_clock::now() < until) {
      why = co_await try_setup(io, until);
      if (why.empty()) co_return;
      pause.expires_after(pause_between_setups);
      co_await pause.async_wait(asio::use_awaitable);
    }
    throw std::runtime_error(fmt::format("the setup of the system did not succeed within {}: {}",
                                         to_text(description().startup_timeout), why));
  }

  std::vector<PeerDoor> peer_doors() const override {
    std::vector<int> ports;
    for (const auto& [name, port] : description().ports) {
      if (port.is_proxied) ports.push_back(port.number);
    }
    return addresses_.doors(ports);
  }

  std::unique_ptr<StatusReader> make_status_reader(asio::io_context& io,
                                                   NodeId node) const override {
    auto ready = make_ready_reader(io, node);
    if (!description().roles) return ready;
    const auto& how = description().roles->how;
    std::function<asio::awaitable<std::optional<NodeStatus>>(Deadline)> ask;
    switch (how.by) {
      case Question::By::command:
        ask = [this, &io, node](Deadline until) { return role_by_command(io, node, until); };
        break;
      case Question::By::adapter:
        ask = [this, &io, node](Deadline until) { return role_by_adapter(io, node, until); };
        break;
      default: {
        const auto address = addresses_.at(node, description().ports.at(how.port).number);
        const auto path = std::make_shared<HttpConnection>(io, address);
        ask = [this, path, node](Deadline until) { return role_by_path(path, node, until); };
      }
    }
    // A command costs a process.
    const std::chrono::nanoseconds pause = how.by == Question::By::command ? 500ms : 0ms;
    return make_role_reader(std::move(ready), std::move(ask), how.timeout, pause);
  }

  std::unique_ptr<Client> make_client(asio::io_context& io, NodeId node,
                                      history::ProcessId) const override {
    return adapters_.make_client(io, name_of(node), client(node));
  }

  std::vector<std::string> conclude() override { return adapters_.conclude(); }

  std::vector<std::string> explanation() const { return launches_.explanation(); }

 private:
  std::unique_ptr<StatusReader> make_ready_reader(asio::io_context& io, NodeId node) const {
    const auto& ready = description().ready;
    const auto port = description().ports.at(ready.port).number;
    switch (ready.by) {
      case Question::By::port:
        return make_port_reader(io, addresses_.at(node, port));
      case Question::By::http:
        return make_path_reader(io, addresses_.at(node, port),
                                fill_in(ready.path, launches_.placeholders(node)), ready.timeout);
      case Question::By::command:
        return make_reader_until_yes(
            [this, &io, node](Deadline until) { return ask_command(io, node, until); },
            ready.timeout);
      case Question::By::adapter:
        return make_reader_until_yes(
            [this, &io, node](Deadline until) { return ask_adapter(io, node, until); },
            ready.timeout);
    }
    return nullptr;
  }

  /// Both of its streams are its output.
  static ProgramEnd run_to_its_end(const Launch& launch) {
    std::vector<std::string> words{"-c", "exec 2>&1; exec /usr/bin/env \"$@\"", "sh"};
    if (!launch.inherits_environment) words.emplace_back("-i");
    for (const auto& [name, value] : launch.environment)
      words.push_back(fmt::format("{}={}", name, value));
    words.push_back(launch.program.string());
    words.insert(words.end(), launch.arguments.begin(), launch.arguments.end());
    return run_program("/bin/sh", words);
  }

  static std::string last_words(const ProgramEnd& end) {
    const auto said = end.output.substr(0, end.output.find_last_not_of('\n') + 1);
    if (said.empty()) return fmt::format("exit status {}", end.exit_code);
    return said.substr(said.rfind('\n') + 1);
  }

  asio::awaitable<std::optional<NodeStatus>> role_by_command(asio::io_context& io, NodeId node,
                                                             Deadline until) const {
    const auto launch = inside(node, launches_.for_node(node, description().roles->how.command));
    const auto options = line_process(launch, log_folder_ / "roles.log");
    const auto end = co_await run_command(io, watchdog_, options, until);
    co_return end.succeeded() ? status_in_words(end.output) : std::nullopt;
  }

  asio::awaitable<std::optional<NodeStatus>> role_by_adapter(asio::io_context& io, NodeId node,
                                                             Deadline until) const {
    const auto left = until - std::chrono::steady_clock::now();
    const auto answer = co_await adapters_.ask(io, "role", client(node), left);
    const auto* words = answer.value.text();
    if (answer.type != EventType::ok || words == nullptr) co_return std::nullopt;
    co_return status_in_words(*words);
  }

  asio::awaitable<std::optional<NodeStatus>> role_by_path(std::shared_ptr<HttpConnection> path,
                                                          NodeId node, Deadline until) const {
    const auto& roles = *description().roles;
    const auto known = launches_.placeholders(node);
    const auto attempt = co_await path->get(fill_in(roles.how.path, known), until);
    if (!attempt.reply || attempt.reply->status / 100 == 4) co_return std::nullopt;
    co_return status_in_json(attempt.reply->body, roles, fill_in(roles.leader, known));
  }

  static constexpr auto pause_between_setups = 200ms;

  Launch among_clients(Launch launch) const {
    return namespaces_ == nullptr ? launch : namespaces_->among_clients(std::move(launch));
  }

  Launch inside(NodeId node, Launch launch) const {
    return namespaces_ == nullptr ? launch : namespaces_->inside(node, std::move(launch));
  }

  const Description& description() const { return launches_.description(); }

  std::string client(NodeId node) const {
    return addresses_.at(node, description().ports.at("client").number);
  }

  /// Only what changed: a sync costs time on a slow disk.
  void write_files(NodeId node, const fs::path& data) const {
    fs::create_directories(data);
    for (const auto& file : launches_.files(node)) {
      if (contents_of(file.path) != file.text || !fs::exists(file.path)) {
        install_file(file.path, file.text);
      }
    }
  }

  /// Why it did not succeed; empty if it did. (What GCC 12 makes in a conditional expression with a
  /// co_await it destroys twice.)
  asio::awaitable<std::string> try_setup(asio::io_context& io, Deadline until) {
    std::string why;
    if (description().setup->by_adapter) {
      const auto left = until - std::chrono::steady_clock::now();
      const auto answer = co_await adapters_.ask(io, "setup", client(NodeId{1}), left);
      if (answer.type != EventType::ok) why = answer.error;
      if (answer.type != EventType::ok && why.empty()) why = "the adapter refused it";
      co_return why;
    }
    const auto log = log_folder_ / "setup.log";
    const auto launch = among_clients(launches_.for_run(description().setup->command));
    const auto options = line_process(launch, log);
    const auto end = co_await run_command(io, watchdog_, options, until);
    if (!end.succeeded()) why = reason_of(end, log);
    co_return why;
  }

  asio::awaitable<bool> ask_command(asio::io_context& io, NodeId node, Deadline until) const {
    const auto launch = inside(node, launches_.for_node(node, description().ready.command));
    const auto log = log_folder_ / "ready.log";
    const auto options = line_process(launch, log);
    const auto end = co_await run_command(io, watchdog_, options, until);
    co_return end.succeeded();
  }

  asio::awaitable<bool> ask_adapter(asio::io_context& io, NodeId node, Deadline until) const {
    const auto left = until - std::chrono::steady_clock::now();
    const auto answer = co_await adapters_.ask(io, "ready", client(node), left);
    co_return answer.type == EventType::ok;
  }

  int node_count_;
  /// Null if the nodes have no network of their own.
  const Namespaces* namespaces_;
  Watchdog& watchdog_;
  fs::path log_folder_;
  NodeAddresses addresses_;
  Launches launches_;
  FakedClocks clocks_;
  mutable Adapters adapters_;
};

}  // namespace

std::size_t options_begin(std::string_view system) {
  constexpr std::string_view extension = ".json:";
  const auto found = system.rfind(extension);
  return found == std::string_view::npos ? found : found + extension.size();
}

bool is_file(std::string_view system) {
  return system.ends_with(".json") || options_begin(system) != std::string_view::npos;
}

void check_options(const Plan& plan) {
  const auto description = read_description(description_file(plan.system));
  std::vector<std::string> names;
  for (const auto& [name, option] : description.options) names.push_back(name);
  for (const auto& [name, value] : plan.system_options) {
    const auto found = description.options.find(name);
    if (found == description.options.end()) {
      throw std::invalid_argument(fmt::format(
          "--system {}: unknown option '{}'; there are: {}", plan.system, name,
          names.empty() ? std::string("none") : fmt::format("{}", fmt::join(names, ", "))));
    }
    if (found->second.values.contains(value)) continue;
    std::vector<std::string> values;
    for (const auto& [allowed, text] : found->second.values) values.push_back(allowed);
    throw std::invalid_argument(fmt::format("--system {}: {}={} is not allowed: {} (usually {})",
                                            plan.system, name, value, fmt::join(values, " or "),
                                            found->second.usual));
  }
}

void require_programs(const Plan& plan) {
  require_programs(read_description(description_file(plan.system)));
}

workloads::Operations operations(const Plan& plan) {
  return read_description(description_file(plan.system)).operations;
}

std::string isolation(const Plan& plan) {
  const auto description = read_description(description_file(plan.system));
  const auto promised = description.workloads.find(plan.workload);
  const bool has_its_own =
      promised != description.workloads.end() && !promised->second.isolation.empty();
  const auto& level = has_its_own ? promised->second.isolation : description.isolation;
  if (level.empty()) return {};
  const auto known = placeholders_of_run(description, plan.system_options, {});
  return name_of(checker::isolation::level_named(fill_in(level, known)));
}

std::map<std::string, std::string> model_parameters(const Plan& plan) {
  const auto description = read_description(description_file(plan.system));
  const auto promised = description.workloads.find(plan.workload);
  return promised == description.workloads.end() ? std::map<std::string, std::string>{}
                                                 : promised->second.model;
}

std::vector<std::string> explain(const Driver& driver) {
  const auto* described = dynamic_cast<const DescribedDriver*>(&driver);
  return described == nullptr ? std::vector<std::string>{} : described->explanation();
}

std::unique_ptr<Driver> make_driver(const Plan& plan, const Surroundings& surroundings) {
  return std::make_unique<DescribedDriver>(plan, surroundings);
}

}  // namespace sunder::harness::described
