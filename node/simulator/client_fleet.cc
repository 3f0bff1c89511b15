#include "node/simulator/client_fleet.h"

#include <charconv>
#include <sstream>

#include <fmt/format.h>

namespace sunder::simulator {
namespace {

using namespace std::chrono_literals;
using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;

std::vector<AppendHistory::Element> elements_of(const std::string& list) {
  std::istringstream in(list);
  std::vector<AppendHistory::Element> elements;
  for (AppendHistory::Element element = 0; in >> element;) elements.push_back(element);
  return elements;
}

}  // namespace

ClientFleet::ClientFleet(EventQueue& events, Dice& dice, Cluster& cluster, int clients,
                         raft::Time pause)
    : events_(events), dice_(dice), cluster_(cluster), pause_(pause) {
  clients_.resize(static_cast<std::size_t>(clients));
  for (auto& client : clients_) {
    client.id = next_client_++;
    client.target = dice_.one_of(cluster_.nodes());
  }
}

void ClientFleet::begin() {
  for (std::size_t index = 0; index < clients_.size(); ++index) begin_operation(index);
}

void ClientFleet::begin_operation(std::size_t index) {
  events_.after(dice_.between(0ms, 2 * pause_), [this, index] {
    if (is_stopping_ || clients_[index].is_busy) return;
    // One in four only reads, and so stays with a leader that can commit nothing any more.
    invoke(index, index % 4 != 0 && dice_.percent(70), static_cast<int>(dice_.below(keys)));
  });
}

void ClientFleet::read_everything() {
  for (int key = 0; key < keys; ++key) {
    clients_.emplace_back();
    clients_.back().id = next_client_++;
    clients_.back().target = dice_.one_of(cluster_.nodes());
    clients_.back().never_gives_up = true;
    invoke(clients_.size() - 1, /*is_append=*/false, key);
  }
}

void ClientFleet::invoke(std::size_t index, bool is_append, int key) {
  auto& client = clients_[index];
  client.is_busy = true;
  client.may_have_happened = false;
  client.gives_up_at = events_.now() + dice_.between(500ms, 4s);
  client.request = Request{client.id,
                           ++client.requests,
                           is_append ? Operation::append : Operation::read,
                           fmt::format("k{}", key),
                           "",
                           std::nullopt};
  if (is_append) {
    const auto element = next_element_++;
    client.request.value = fmt::format("{} ", element);
    client.ticket = history_.invoke_append(events_.now(), key, element);
  } else {
    client.ticket = history_.invoke_read(events_.now(), key);
  }
  ++under_way_;
  attempt(index);
}

void ClientFleet::attempt(std::size_t index) {
  auto& client = clients_[index];
  const auto connection = next_connection_++;
  const auto number = ++client.attempt;
  attempts_[connection] = {index, client.id, client.request.request, number};
  cluster_.submit(client.target, connection, client.request);
  events_.after(dice_.between(100ms, 500ms), [this, index, number] {
    auto& late = clients_[index];
    if (!late.is_busy || late.attempt != number) return;
    late.may_have_happened = true;
    late.target = dice_.one_of(cluster_.nodes());
    retry(index, 0ms);
  });
}

void ClientFleet::retry(std::size_t index, raft::Time pause) {
  auto& client = clients_[index];
  if (events_.now() >= client.gives_up_at && !client.never_gives_up) return give_up(index);
  const auto number = ++client.attempt;
  events_.after(pause, [this, index, number] {
    if (clients_[index].is_busy && clients_[index].attempt == number) attempt(index);
  });
}

/// Whoever does not know how a command ended never uses its name again.
void ClientFleet::give_up(std::size_t index) {
  auto& client = clients_[index];
  if (!client.may_have_happened) history_.fail(client.ticket);
  client.id = next_client_++;
  client.requests = 0;
  finish(index);
}

void ClientFleet::finish(std::size_t index) {
  clients_[index].is_busy = false;
  --under_way_;
  if (!clients_[index].never_gives_up) begin_operation(index);
}

void ClientFleet::on_answer(Clients::Connection connection, const Reply& reply) {
  const auto found = attempts_.extract(connection);
  if (found.empty()) return;
  const auto& asked = found.mapped();
  auto& client = clients_[asked.client];
  const bool is_current =
      client.is_busy && client.id == asked.client_id && client.request.request == asked.request;
  if (!is_current) return;
  if (reply.status == Status::ok) {
    complete(client, reply);
    finish(asked.client);
    return;
  }
  if (asked.number != client.attempt) {
    if (reply.status != Status::not_leader) client.may_have_happened = true;
    return;
  }
  if (reply.status != Status::not_leader) client.may_have_happened = true;
  client.target = dice_.one_of(cluster_.nodes());
  if (reply.leader) {
    std::from_chars(reply.leader->data(), reply.leader->data() + reply.leader->size(),
                    client.target.value);
  }
  retry(asked.client, dice_.between(1ms, 50ms));
}

void ClientFleet::complete(Client& client, const Reply& reply) {
  if (client.request.operation == Operation::append) {
    history_.complete_append(client.ticket, events_.now());
  } else {
    history_.complete_read(client.ticket, events_.now(), elements_of(reply.value.value_or("")));
  }
}

}  // namespace sunder::simulator
