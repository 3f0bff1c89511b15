#include "nemesis/stage/voter_holds.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "nemesis/network/direction.h"

namespace sunder::nemesis {

namespace asio = boost::asio;
using Answer = Administrator::Answer;
using Outcome = Administrator::Outcome;

namespace {

constexpr auto pause_between_attempts = std::chrono::milliseconds(10);

}  // namespace

std::optional<Refusal> refusal_in(const Answer& answer) {
  if (answer.outcome == Outcome::done) return std::nullopt;
  return Refusal{answer.because, true, answer.outcome == Outcome::unknown};
}

asio::awaitable<std::optional<Refusal>> VoterHolds::take_out(Absence absence) {
  const auto nodes = absence.nodes;
  const int fault_id = absence.fault_id;
  const bool replaces = absence.replaces;
  const std::optional<Refusal> refused = co_await remove(std::move(absence));
  if (refused) co_return refused;
  if (!replaces) co_return std::nullopt;
  if (!outsiders_end()) {
    const bool is_known = co_await everyone_knows_of_removal(nodes);
    if (!is_known) co_return Refusal{"not every other node knows of the removal", true};
  }
  clear_away(nodes);
  if (!outsiders_end()) processes_.release(fault_id);
  co_return std::nullopt;
}

bool VoterHolds::outsiders_end() const {
  return cluster_.administrator()->outsider() == Administrator::Outsider::ends;
}

asio::awaitable<std::optional<Refusal>> VoterHolds::remove(Absence absence) {
  if (held_ && held_->fault_id != absence.fault_id) {
    co_return Refusal{"another fault keeps nodes out of the voters", true};
  }
  const bool is_first_attempt = !held_;
  const auto nodes = absence.nodes;
  held_ = std::move(absence);
  cleared_.clear();
  has_changed_voters_ = true;
  const Answer answer = co_await cluster_.administrator()->remove_voters(nodes);
  // A second attempt may be refused because the first one is still under way.
  if (answer.outcome == Outcome::refused && is_first_attempt) held_.reset();
  co_return refusal_in(answer);
}

// Asks every node twice: a node answers from memory. It takes the second question only after it has
// written to its disk what it knew at the first.
asio::awaitable<bool> VoterHolds::everyone_knows_of_removal(const std::vector<NodeId>& nodes) {
  const std::set<NodeId> removed(nodes.begin(), nodes.end());
  constexpr int rounds = 2;
  for (int round = 0; round < rounds; ++round) {
    for (NodeId witness : all_nodes(cluster_.node_count())) {
      if (removed.contains(witness)) continue;
      for (NodeId node : nodes) {
        const bool knows = co_await cluster_.administrator()->knows_of_removal(witness, node);
        if (!knows) co_return false;
      }
    }
  }
  co_return true;
}

// Resetting the connections drops what the removed nodes have sent: an acknowledgement of entries
// that are lost must not count for the newcomer.
void VoterHolds::clear_away(const std::vector<NodeId>& nodes) {
  for (NodeId node : nodes) {
    if (!cleared_.insert(node).second) continue;
    processes_.kill(held_->fault_id, node);
    cluster_.empty_disk(node);
    links_.reset(links_of(Direction::both, cluster_.node_count(), {node}));
  }
}

std::vector<NodeId> VoterHolds::next_to_add() const {
  std::vector<NodeId> next = held_->nodes;
  // Newcomers that start at the same time may wait for each other.
  const std::size_t at_once = outsiders_end() ? 1 : held_->added_at_once;
  next.resize(std::min(next.size(), at_once));
  return next;
}

std::optional<int> VoterHolds::reason_to_stop(NodeId node) const {
  if (!held_ || !outsiders_end()) return std::nullopt;
  const auto& out = held_->nodes;
  if (std::find(out.begin(), out.end(), node) == out.end()) return std::nullopt;
  return held_->fault_id;
}

// Holds nothing after the last node is in.
asio::awaitable<Answer> VoterHolds::bring_next_in() {
  const std::vector<NodeId> next = next_to_add();
  if (outsiders_end()) clear_away(next);
  Answer answer = co_await cluster_.administrator()->add_voters(next);
  if (answer.outcome == Outcome::done && outsiders_end()) answer = co_await start_newcomers(next);
  if (answer.outcome != Outcome::done) co_return answer;
  held_->nodes.erase(held_->nodes.begin(),
                     held_->nodes.begin() + static_cast<std::ptrdiff_t>(next.size()));
  if (held_->nodes.empty()) held_.reset();
  co_return answer;
}

// A newcomer that gave up is started again.
asio::awaitable<Answer> VoterHolds::start_newcomers(std::vector<NodeId> nodes) {
  for (NodeId node : nodes) processes_.release(held_->fault_id, node);
  for (NodeId node : nodes) {
    const bool is_in = co_await cluster_.administrator()->has_come_in(node);
    if (!is_in) {
      co_return Answer{Outcome::unknown,
                       fmt::format("{} was added and takes no part", name_of(node))};
    }
  }
  co_return Answer{};
}

asio::awaitable<bool> VoterHolds::bring_back(int fault_id) {
  if (!holds(fault_id)) co_return true;
  co_await bring_next_in();
  co_return !holds(fault_id);
}

asio::awaitable<std::optional<std::string>> VoterHolds::restore(Clock::time_point deadline) {
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
