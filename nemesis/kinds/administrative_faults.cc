#include "nemesis/kinds/administrative_faults.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace sunder::nemesis {

namespace asio = boost::asio;
using Answer = Administrator::Answer;
using Outcome = Administrator::Outcome;

namespace {

// So that an odd number of voters stays odd.
constexpr std::size_t grown_at_once = 2;
constexpr auto pause_between_attempts = std::chrono::milliseconds(10);

std::optional<Refusal> refusal_in(const Answer& answer) {
  if (answer.outcome == Outcome::done) return std::nullopt;
  return Refusal{answer.because, true, answer.outcome == Outcome::unknown};
}

}  // namespace

bool is_administrative(const Fault& fault) {
  return std::holds_alternative<Transfer>(fault.action) ||
         std::holds_alternative<Membership>(fault.action);
}

asio::awaitable<std::optional<Refusal>> AdministrativeFaults::inject(Fault fault) {
  if (cluster_.administrator() == nullptr) co_return Refusal{"the system takes no such orders"};
  if (std::holds_alternative<Transfer>(fault.action)) {
    co_return co_await transfer(fault.target.nodes.front());
  }
  const std::optional<Refusal> refused = co_await remove(fault);
  if (refused) co_return refused;
  if (std::get<Membership>(fault.action).change == MembershipChange::remove) co_return std::nullopt;
  if (!outsiders_end()) {
    const bool is_known = co_await everyone_knows_of_removal(fault.target.nodes);
    if (!is_known) co_return Refusal{"not every other node knows of the removal", true};
  }
  clear_away(fault.target.nodes);
  if (!outsiders_end()) processes_.release(fault.id);
  co_return std::nullopt;
}

bool AdministrativeFaults::outsiders_end() const {
  return cluster_.administrator()->outsider() == Administrator::Outsider::ends;
}

asio::awaitable<std::optional<Refusal>> AdministrativeFaults::transfer(NodeNumber heir) {
  if (processes_.is_down(heir)) co_return Refusal{fmt::format("{} is down", node_name(heir)), true};
  co_return refusal_in(co_await cluster_.administrator()->transfer_leadership(heir));
}

asio::awaitable<std::optional<Refusal>> AdministrativeFaults::remove(const Fault& fault) {
  if (held_ && held_->fault_id != fault.id) {
    co_return Refusal{"another fault keeps nodes out of the voters", true};
  }
  const bool is_first_attempt = !held_;
  held_ = Held{fault.id, fault.target.nodes, std::get<Membership>(fault.action).change};
  has_changed_voters_ = true;
  const Answer answer = co_await cluster_.administrator()->remove_voters(fault.target.nodes);
  // What refuses a second attempt may be the first one, under way.
  if (answer.outcome == Outcome::refused && is_first_attempt) held_.reset();
  co_return refusal_in(answer);
}

// Asked twice: a node answers from memory, and takes the second question only after what it knew at
// the first is on its disk.
asio::awaitable<bool> AdministrativeFaults::everyone_knows_of_removal(
    const std::vector<NodeNumber>& nodes) {
  const std::set<NodeNumber> removed(nodes.begin(), nodes.end());
  constexpr int rounds = 2;
  for (int round = 0; round < rounds; ++round) {
    for (NodeNumber witness : all_nodes(cluster_.node_count())) {
      if (removed.contains(witness)) continue;
      for (NodeNumber node : nodes) {
        const bool knows = co_await cluster_.administrator()->knows_of_removal(witness, node);
        if (!knows) co_return false;
      }
    }
  }
  co_return true;
}

// With the connections goes what the nodes' former selves still have under way: an acknowledgement
// of entries that are lost must not count for the newcomer.
void AdministrativeFaults::clear_away(const std::vector<NodeNumber>& nodes) {
  for (NodeNumber node : nodes) {
    if (!held_->cleared.insert(node).second) continue;
    processes_.kill(held_->fault_id, node);
    cluster_.empty_disk(node);
    links_.reset(links_of(Direction::both, cluster_.node_count(), {node}));
  }
}

std::vector<NodeNumber> AdministrativeFaults::next_to_add() const {
  std::vector<NodeNumber> next = held_->nodes;
  // Newcomers that start at the same time may wait for each other.
  if (outsiders_end()) {
    next.resize(1);
  } else if (held_->change == MembershipChange::grow) {
    next.resize(std::min(next.size(), grown_at_once));
  }
  return next;
}

std::optional<int> AdministrativeFaults::reason_to_stop(NodeNumber node) const {
  if (!held_ || !outsiders_end()) return std::nullopt;
  const auto& out = held_->nodes;
  if (std::find(out.begin(), out.end(), node) == out.end()) return std::nullopt;
  return held_->fault_id;
}

// Once the last one is in, nothing is held.
asio::awaitable<Answer> AdministrativeFaults::bring_next_in() {
  const std::vector<NodeNumber> next = next_to_add();
  if (outsiders_end()) clear_away(next);
  Answer answer = co_await cluster_.administrator()->add_voters(next);
  if (answer.outcome == Outcome::done && outsiders_end()) answer = co_await start_newcomers(next);
  if (answer.outcome != Outcome::done) co_return answer;
  held_->nodes.erase(held_->nodes.begin(),
                     held_->nodes.begin() + static_cast<std::ptrdiff_t>(next.size()));
  if (held_->nodes.empty()) held_.reset();
  co_return answer;
}

// Also again those that gave up.
asio::awaitable<Answer> AdministrativeFaults::start_newcomers(std::vector<NodeNumber> nodes) {
  for (NodeNumber node : nodes) processes_.release(held_->fault_id, node);
  for (NodeNumber node : nodes) {
    const bool is_in = co_await cluster_.administrator()->has_come_in(node);
    if (!is_in) {
      co_return Answer{Outcome::unknown,
                       fmt::format("{} was added and takes no part", node_name(node))};
    }
  }
  co_return Answer{};
}

asio::awaitable<bool> AdministrativeFaults::heal(int fault_id) {
  if (!holds(fault_id)) co_return true;
  co_await bring_next_in();
  co_return !holds(fault_id);
}

asio::awaitable<std::optional<std::string>> AdministrativeFaults::restore(
    Clock::time_point deadline) {
  if (!has_changed_voters_) co_return std::nullopt;
  const auto alarm = time_.make_alarm();
  for (;;) {
    Answer answer;
    while (held_ && answer.outcome == Outcome::done) answer = co_await bring_next_in();
    if (!held_) {
      answer = co_await cluster_.administrator()->add_voters(all_nodes(cluster_.node_count()));
      if (answer.outcome == Outcome::done) break;
    }
    if (time_.now() >= deadline) {
      co_return fmt::format("the nodes could not all be made voters again: {}", answer.because);
    }
    alarm->set(time_.now() + pause_between_attempts);
    co_await alarm->wait();
  }
  has_changed_voters_ = false;
  co_return std::nullopt;
}

}  // namespace sunder::nemesis
