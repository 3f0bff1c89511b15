#include "harness/driver/raft/accounts.h"

#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/driver/raft/operation.h"
#include "harness/driver/value_text.h"

namespace sunder::harness::accounts {

using client_protocol::Reply;
using client_protocol::Request;
using workloads::Call;

namespace {

constexpr std::string_view all_names = "accounts";

std::string key_of(std::string_view account) {
  return fmt::format("account {}", account);
}

Request step(client_protocol::Operation operation, std::string key, std::string value = {}) {
  Request request;
  request.operation = operation;
  request.key = std::move(key);
  request.value = std::move(value);
  return request;
}

Request cas(std::string key, std::optional<std::string> expected, std::string value) {
  auto request = step(client_protocol::Operation::cas, std::move(key), std::move(value));
  request.expected = std::move(expected);
  return request;
}

Request txn(std::vector<Request> operations) {
  Request request;
  request.operation = client_protocol::Operation::txn;
  request.operations = std::move(operations);
  return request;
}

struct Transfer {
  std::string from;
  std::string to;
  std::int64_t amount;
};

Transfer transfer_in(const Call& call) {
  const auto* from = call.value.member("from");
  const auto* to = call.value.member("to");
  const auto* amount = call.value.integer("amount");
  if (from == nullptr || to == nullptr || amount == nullptr) {
    throw std::logic_error("a transfer needs from, to and amount, not " + to_json(call.value));
  }
  return {to_stored_text(*from), to_stored_text(*to), *amount};
}

/// Nothing if the account does not exist.
std::optional<std::int64_t> balance_in(const client_protocol::Value& value) {
  const auto balance = raft_value(value);
  if (balance.integer() == nullptr) return std::nullopt;
  return *balance.integer();
}

const client_protocol::Values& answers_in(const Reply& reply, std::size_t wanted) {
  const auto* answers = reply.value.list();
  if (answers == nullptr || answers->size() != wanted) {
    throw UnexpectedReply();
  }
  return *answers;
}

}  // namespace

Request to_open(const Call& open) {
  const auto* balances = open.value.object();
  if (balances == nullptr) throw std::logic_error("accounts are opened by {account: balance}");
  auto names = nlohmann::json::array();
  std::vector<Request> steps{{}};
  for (const auto& [name, balance] : *balances) {
    names.push_back(name);
    steps.push_back(step(client_protocol::Operation::write, key_of(name), to_stored_text(balance)));
  }
  steps.front() = cas(std::string(all_names), std::nullopt, names.dump());
  return txn(std::move(steps));
}

Request to_learn_names() {
  return step(client_protocol::Operation::read, std::string(all_names));
}

Request to_read(const std::vector<std::string>& names) {
  std::vector<Request> steps;
  for (const auto& name : names)
    steps.push_back(step(client_protocol::Operation::read, key_of(name)));
  return txn(std::move(steps));
}

Request to_prepare(const Call& call) {
  const auto transfer = transfer_in(call);
  return to_read({transfer.from, transfer.to});
}

std::optional<Request> to_transfer(const Call& call, const Reply& read) {
  const auto transfer = transfer_in(call);
  const auto& answers = answers_in(read, 2);
  const auto from = balance_in(answers.front());
  const auto to = balance_in(answers.back());
  if (!from || !to || *from < transfer.amount) return std::nullopt;
  // An account that is both: the second cas meets what the first has left.
  const bool is_one = transfer.from == transfer.to;
  const auto left = *from - transfer.amount;
  const auto before = is_one ? left : *to;
  return txn({cas(key_of(transfer.from), fmt::format("{}", *from), fmt::format("{}", left)),
              cas(key_of(transfer.to), fmt::format("{}", before),
                  fmt::format("{}", before + transfer.amount))});
}

std::vector<std::string> names_in(const Reply& reply) {
  const auto* text = reply.value.text();
  if (text == nullptr) return {};
  return nlohmann::json::parse(*text).get<std::vector<std::string>>();
}

history::Value balances_in(const std::vector<std::string>& names, const Reply& reply) {
  const auto& answers = answers_in(reply, names.size());
  history::Object balances;
  for (std::size_t place = 0; place < names.size(); ++place) {
    balances.emplace_back(names[place], raft_value(answers[place]));
  }
  return balances;
}

}  // namespace sunder::harness::accounts
