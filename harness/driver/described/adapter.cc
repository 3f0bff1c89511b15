#include "harness/driver/described/adapter.h"

#include <map>
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <signal.h>

#include "results/store/value_json.h"

namespace sunder::harness::described {

namespace asio = boost::asio;
using history::EventType;
using nlohmann::ordered_json;
using workloads::Call;
using workloads::Completion;
using workloads::Kind;
using SteadyClock = std::chrono::steady_clock;

namespace {

// Before that it may just be starting, or wait for a node that is paused.
constexpr int timeouts_until_hung = 5;

std::string shortened(const std::string& line) {
  constexpr std::size_t longest = 100;
  return line.size() <= longest ? line : line.substr(0, longest) + "...";
}

}  // namespace

/// A call that waits for its answer.
struct Waiting {
  Waiting(asio::io_context& io, Call its_call, bool is_about_system)
      : call(std::move(its_call)), about_system(is_about_system), timer(io) {}

  std::optional<Completion> read(const std::string& answer) const {
    return about_system ? classify_about_system(answer) : classify(call, answer);
  }

  void finish(Completion with) {
    completion = std::move(with);
    timer.cancel();
  }

  Call call;
  bool about_system;
  asio::steady_timer timer;
  std::optional<Completion> completion;
};

/// One running adapter.
class Adapter {
 public:
  using Complain = std::function<void(const std::string& what)>;

  Adapter(asio::io_context& io, Watchdog& watchdog, const LineProcess::Options& launch,
          Complain complain)
      : io_(io),
        complain_(std::move(complain)),
        process_(std::make_unique<LineProcess>(
            io, watchdog, launch, [this](std::string_view line) { heard(std::string(line)); },
            [this](const std::string& how) { break_off("the adapter ended: " + how); })) {}

  bool is_broken() const { return is_broken_; }

  asio::awaitable<Completion> perform(Call call, std::string node, std::chrono::nanoseconds timeout,
                                      bool about_system = false) {
    const auto id = ++last_id_;
    const auto waiting = std::make_shared<Waiting>(io_, call, about_system);
    if (!std::exchange(is_silent_, true)) silent_since_ = SteadyClock::now();
    waiting_.emplace(id, waiting);
    ordered_json asked{{"id", id}, {"f", call.f}, {"key", call.key}};
    asked["value"] = results::json_of(call.value);
    asked["node"] = node;
    asked["kind"] = about_system ? "system" : workloads::name_of(call.kind);
    process_->send(asked.dump());
    waiting->timer.expires_after(timeout);
    boost::system::error_code cancelled;
    co_await waiting->timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    waiting_.erase(id);
    if (waiting->completion) co_return *waiting->completion;
    if (SteadyClock::now() - silent_since_ > timeouts_until_hung * timeout) {
      break_off("the adapter was silent for too long and was killed");
    }
    co_return Completion{EventType::info, call.value, "the adapter did not answer in time"};
  }

 private:
  void heard(const std::string& line) {
    if (is_broken_) return;
    const auto id = id_in(line);
    const auto found = id ? waiting_.find(*id) : waiting_.begin();
    // It is at work, however late an answer is.
    is_silent_ = false;
    if (id && found == waiting_.end() && *id > 0 && *id <= last_id_) return;  // Given up before.
    auto completion = found == waiting_.end() ? std::nullopt : found->second->read(line);
    if (!completion) return break_off("the adapter talks nonsense: " + shortened(line));
    silent_since_ = SteadyClock::now();
    found->second->finish(std::move(*completion));
  }

  // The process is not destroyed here: this may be called by it.
  void break_off(const std::string& why) {
    if (std::exchange(is_broken_, true)) return;
    complain_(why);
    process_->signal(SIGKILL);
    for (const auto& [id, waiting] : waiting_) {
      waiting->finish({EventType::info, waiting->call.value, why});
    }
  }

  asio::io_context& io_;
  Complain complain_;
  std::map<std::int64_t, std::shared_ptr<Waiting>> waiting_;
  std::int64_t last_id_ = 0;
  bool is_broken_ = false;
  // Of the last answer, or of the first call after it.
  SteadyClock::time_point silent_since_;
  // There was a call after the last answer; its client may have given up.
  bool is_silent_ = false;
  std::unique_ptr<LineProcess> process_;
};

std::optional<std::int64_t> id_in(const std::string& answer) {
  const auto json = ordered_json::parse(answer, nullptr, false);
  if (!json.is_object() || !json.contains("id") || !json["id"].is_number_integer()) {
    return std::nullopt;
  }
  return json["id"].get<std::int64_t>();
}

namespace {

/// Nothing if it says nothing besides its value.
std::optional<history::Answer> answer_in(const ordered_json& json, const Call& call,
                                         EventType type) {
  history::Answer answer;
  const bool may_tell = call.f == "cas" || call.f == "dequeue" || call.kind == Kind::lock;
  if (type == EventType::fail && may_tell && json.contains("found")) {
    answer.found = results::value_of(json["found"]);
  }
  if (json.contains("revision") && json["revision"].is_number_integer()) {
    answer.revision = json["revision"].get<std::int64_t>();
  }
  return answer == history::Answer{} ? std::nullopt : std::optional(std::move(answer));
}

}  // namespace

std::optional<Completion> classify(const Call& call, const std::string& answer) {
  const auto json = ordered_json::parse(answer, nullptr, false);
  if (!json.is_object() || !json.contains("type") || !json["type"].is_string()) {
    return std::nullopt;
  }
  const auto type = history::event_type_named(json["type"].get<std::string>());
  if (!type || *type == EventType::invoke) return std::nullopt;
  Completion completion{*type, call.value, {}};
  if (json.contains("error") && json["error"].is_string()) completion.error = json["error"];
  if (*type == EventType::ok && workloads::is_answered_with_value(call)) {
    if (!json.contains("value")) return std::nullopt;
    completion.value = results::value_of(json["value"]);
  } else if (*type == EventType::ok && call.f == "acquire" && json.contains("value")) {
    completion.value = results::value_of(json["value"]);
  }
  completion.answer = answer_in(json, call, *type);
  return completion;
}

std::optional<Completion> classify_about_system(const std::string& answer) {
  auto completion = classify(Call{"setup", {}, {}}, answer);
  if (!completion) return std::nullopt;
  const auto json = ordered_json::parse(answer, nullptr, false);
  if (json.contains("value")) completion->value = results::value_of(json["value"]);
  return completion;
}

/// Adapters that have nothing to do wait here for the next client.
class Adapters::Pool : public std::enable_shared_from_this<Pool> {
 public:
  Pool(Watchdog& watchdog, LineProcess::Options launch, bool one_for_all)
      : watchdog_(watchdog), launch_(std::move(launch)), one_for_all_(one_for_all) {}

  std::shared_ptr<Adapter> take(asio::io_context& io) {
    while (!idle_.empty()) {
      auto adapter = idle_.back();
      if (!one_for_all_) idle_.pop_back();
      if (!adapter->is_broken()) return adapter;
      if (one_for_all_) idle_.pop_back();
    }
    auto adapter = std::make_shared<Adapter>(io, watchdog_, launch_,
                                             [pool = weak_from_this()](const std::string& what) {
                                               if (const auto alive = pool.lock())
                                                 ++alive->complaints_[what];
                                             });
    if (one_for_all_) idle_.push_back(adapter);
    return adapter;
  }

  void give_back(std::shared_ptr<Adapter> adapter) {
    if (!one_for_all_ && !adapter->is_broken()) idle_.push_back(std::move(adapter));
  }

  std::vector<std::string> conclude() {
    idle_.clear();
    std::vector<std::string> said;
    for (const auto& [what, count] : complaints_) {
      said.push_back(fmt::format("{} ({} times; log: {})", what, count, launch_.log_file.string()));
    }
    return said;
  }

 private:
  Watchdog& watchdog_;
  LineProcess::Options launch_;
  bool one_for_all_;
  std::vector<std::shared_ptr<Adapter>> idle_;
  // How often.
  std::map<std::string, int> complaints_;
};

namespace {

template <typename Pool>
class AdapterClient final : public Client {
 public:
  AdapterClient(asio::io_context& io, std::shared_ptr<Pool> pool, std::string node,
                std::string address)
      : io_(io), pool_(std::move(pool)), node_(std::move(node)), address_(std::move(address)) {}
  ~AdapterClient() override {
    if (adapter_) pool_->give_back(std::move(adapter_));
  }

  asio::awaitable<Completion> invoke(Call call, std::chrono::nanoseconds timeout) override {
    if (!adapter_ || adapter_->is_broken()) adapter_ = pool_->take(io_);
    auto completion = co_await adapter_->perform(std::move(call), address_, timeout);
    // An adapter asks this node and no other. A failure may be its own.
    const bool is_answered = completion.type == EventType::ok || completion.answer;
    if (is_answered) set_answerer(completion, node_);
    co_return completion;
  }

 private:
  asio::io_context& io_;
  std::shared_ptr<Pool> pool_;
  std::string node_;
  std::string address_;
  std::shared_ptr<Adapter> adapter_;
};

}  // namespace

Adapters::Adapters(Watchdog& watchdog, LineProcess::Options launch, bool one_for_all)
    : pool_(std::make_shared<Pool>(watchdog, std::move(launch), one_for_all)) {}

Adapters::~Adapters() = default;

std::unique_ptr<Client> Adapters::make_client(asio::io_context& io, std::string node,
                                              std::string address) {
  return std::make_unique<AdapterClient<Pool>>(io, pool_, std::move(node), std::move(address));
}

asio::awaitable<Completion> Adapters::ask(asio::io_context& io, std::string f, std::string address,
                                          std::chrono::nanoseconds timeout) {
  const auto pool = pool_;
  const auto adapter = pool->take(io);
  const Call call{std::move(f), {}, {}};
  const auto completion = co_await adapter->perform(call, address, timeout, true);
  pool->give_back(adapter);
  co_return completion;
}

std::vector<std::string> Adapters::conclude() {
  return pool_->conclude();
}

}  // namespace sunder::harness::described
