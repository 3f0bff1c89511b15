#include "harness/driver/roaming_client.h"

#include <algorithm>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "nemesis/link.h"

namespace sunder::harness {

namespace {

using SteadyClock = std::chrono::steady_clock;

// A refused change is an answer; a read without an answer fails, too.
void name_who_answered(workloads::Completion& completion, const workloads::Call& call,
                       std::size_t node) {
  const bool is_answered =
      completion.type == history::EventType::ok ||
      (completion.type == history::EventType::fail && !workloads::only_reads(call));
  if (!is_answered) return;
  set_answerer(completion, name_of(NodeId{static_cast<int>(node) + 1}));
}

class RoamingClient final : public Client {
 public:
  RoamingClient(boost::asio::io_context& io, std::vector<std::unique_ptr<Conversation>> nodes,
                std::size_t home)
      : nodes_(std::move(nodes)), home_(home), pause_(io) {}

  boost::asio::awaitable<workloads::Completion> invoke(workloads::Call call,
                                                       std::chrono::nanoseconds timeout) override {
    constexpr auto before_the_next = std::chrono::milliseconds(10);
    const auto until = SteadyClock::now() + timeout;
    for (auto node = home_; SteadyClock::now() < until; node = (node + 1) % nodes_.size()) {
      if (auto completion = co_await nodes_[node]->perform(call, until)) {
        name_who_answered(*completion, call, node);
        co_return *completion;
      }
      pause_.expires_at(std::min(until, SteadyClock::now() + before_the_next));
      co_await pause_.async_wait(boost::asio::use_awaitable);
    }
    co_return workloads::Completion{history::EventType::fail, call.value, "no node was reached"};
  }

 private:
  std::vector<std::unique_ptr<Conversation>> nodes_;
  std::size_t home_;
  boost::asio::steady_timer pause_;
};

}  // namespace

std::unique_ptr<Client> make_roaming_client(boost::asio::io_context& io,
                                            std::vector<std::unique_ptr<Conversation>> nodes,
                                            std::size_t home) {
  return std::make_unique<RoamingClient>(io, std::move(nodes), home);
}

}  // namespace sunder::harness
