#include "checker/isolation/account.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/history/brief.h"
#include "checker/invariant.h"
#include "checker/isolation/isolation.h"

namespace sunder::checker::isolation {

namespace {

using Keys = std::set<KeyId>;

constexpr std::size_t most_steps_shown = 8;

std::string shown_value(const history::Value& value) {
  constexpr std::size_t short_text = 40;
  if (value.is_nil()) return "nil";
  const auto* text = value.text();
  const bool is_plain = text != nullptr && !history::looks_like_another_kind(*text);
  if (is_plain && text->size() <= short_text) return history::printable_line(*text);
  return history::brief(value);
}

std::string shown_key(const std::string& name) {
  constexpr std::size_t short_name = 40;
  return name.size() <= short_name ? history::printable_line(name) : history::brief_text(name);
}

/// "[… 4, 5, 6]": the end of a list says which version it is.
std::string shown_list(std::span<const ValueId> elements, const Key& key) {
  constexpr std::size_t most = 4;
  const auto last = elements.last(std::min(elements.size(), most));
  std::vector<std::string> texts;
  for (const auto element : last) texts.push_back(shown_value(key.values[element - 1]));
  return fmt::format("[{}{}]", last.size() < elements.size() ? "… " : "", fmt::join(texts, ", "));
}

/// "append x 1", "r x → [1, 2]", "r y → nil".
std::string shown_step(const Step& step, const Transactions& transactions) {
  const auto& key = transactions.keys[step.key];
  const auto name = shown_key(key.name);
  const auto value = [&] {
    return step.value == initial ? "nil" : shown_value(key.values[step.value - 1]);
  };
  switch (step.kind) {
    case Step::Kind::append:
      return fmt::format("append {} {}", name, value());
    case Step::Kind::write:
      return fmt::format("w {} {}", name, value());
    case Step::Kind::read_list:
      return fmt::format("r {} → {}", name, shown_list(transactions.list_of(step), key));
    case Step::Kind::read_register:
      return fmt::format("r {} → {}", name, value());
    case Step::Kind::unanswered_read:
      break;
  }
  return fmt::format("r {}", name);
}

/// Those of a cycle's edges that begin or end at the transaction; without a cycle, those that
/// several of the anomaly's transactions use. Empty: all.
Keys keys_of_proof(TransactionId id, const Anomaly& anomaly, const Transactions& transactions) {
  Keys keys;
  for (const auto& edge : anomaly.cycle) {
    const bool has_key = edge.kind != EdgeKind::process && edge.kind != EdgeKind::real_time;
    if (has_key && (edge.from == id || edge.to == id)) keys.insert(edge.key);
  }
  if (!anomaly.cycle.empty() || anomaly.transactions.size() < 2) return keys;
  std::map<KeyId, std::size_t> users;
  for (const auto each : anomaly.transactions) {
    Keys used;
    for (const auto& step : transactions.steps_of(transactions.transactions[each])) {
      used.insert(step.key);
    }
    for (const auto key : used) ++users[key];
  }
  for (const auto& [key, count] : users) {
    if (count > 1) keys.insert(key);
  }
  return keys;
}

ShownTransaction shown_transaction(TransactionId id, const Anomaly& anomaly,
                                   const history::History& history,
                                   const Transactions& transactions) {
  const auto& transaction = transactions.transactions[id];
  ShownTransaction shown;
  shown.name = transaction_name(id);
  shown.outcome = transaction.outcome;
  shown.invoked = transaction.invoked;
  shown.returned = transaction.returned;
  // No client has the nemesis' number: it says that the client is not known.
  shown.process = history::ProcessId::nemesis;
  if (transaction.operation < history.operations.size()) {
    const auto& operation = history.operations[transaction.operation];
    if (history.clients_are_known) shown.process = operation.process;
    shown.invoked_at = operation.invoked_at;
    shown.returned_at = operation.returned_at;
  }
  const auto keys = keys_of_proof(id, anomaly, transactions);
  for (const auto& step : transactions.steps_of(transaction)) {
    const bool matters = keys.empty() || keys.contains(step.key);
    if (matters && shown.steps.size() < most_steps_shown) {
      shown.steps.push_back(shown_step(step, transactions));
    } else {
      ++shown.steps_left_out;
    }
  }
  return shown;
}

/// In the order of the cycle.
std::vector<TransactionId> order_of(const Anomaly& anomaly) {
  if (anomaly.cycle.empty()) return anomaly.transactions;
  std::vector<TransactionId> order;
  for (const auto& edge : anomaly.cycle) {
    if (std::find(order.begin(), order.end(), edge.from) == order.end()) order.push_back(edge.from);
  }
  return order;
}

ShownAnomaly shown_anomaly(const Anomaly& anomaly, const history::History& history,
                           const Transactions& transactions) {
  ShownAnomaly shown{anomaly.name, anomaly.rules_out, anomaly.sentence, {}, {}};
  const auto order = order_of(anomaly);
  const auto place_of = [&](TransactionId id) {
    return static_cast<std::size_t>(std::find(order.begin(), order.end(), id) - order.begin());
  };
  for (const auto id : order) {
    shown.transactions.push_back(shown_transaction(id, anomaly, history, transactions));
  }
  for (const auto& edge : anomaly.cycle) {
    const bool has_key = edge.kind != EdgeKind::process && edge.kind != EdgeKind::real_time;
    shown.cycle.push_back({edge.kind, place_of(edge.from), place_of(edge.to),
                           has_key ? transactions.keys[edge.key].name : std::string(),
                           edge.reason});
  }
  return shown;
}

}  // namespace

std::string_view name_of(EdgeKind kind) {
  switch (kind) {
    case EdgeKind::ww:
      return "ww";
    case EdgeKind::wr:
      return "wr";
    case EdgeKind::rw:
      return "rw";
    case EdgeKind::process:
      return "process";
    case EdgeKind::real_time:
      return "realtime";
  }
  CHECK(false, "edge kind {}", static_cast<int>(kind));
}

std::string_view name_of(Finding finding) {
  switch (finding) {
    case Finding::proved:
      return "proved";
    case Finding::not_ruled_out:
      return "not ruled out";
    case Finding::ruled_out:
      return "ruled out";
  }
  CHECK(false, "finding {}", static_cast<int>(finding));
}

std::string transaction_name(std::uint32_t transaction) {
  return fmt::format("T{}", std::uint64_t{transaction} + 1);
}

const LevelFinding* finding_on(Level level, const Account& account) {
  const auto found = std::find_if(account.levels.begin(), account.levels.end(),
                                  [&](const auto& each) { return each.level == level; });
  return found == account.levels.end() ? nullptr : &*found;
}

Account account_of(const history::History& history, const Transactions& transactions,
                   const IsolationReport& report, Level claimed) {
  Account account;
  account.claimed = claimed;
  account.transactions = transactions.transactions.size();
  account.levels = report.levels;
  for (const auto& anomaly : report.anomalies) {
    account.anomalies.push_back(shown_anomaly(anomaly, history, transactions));
  }
  for (const auto& [what, count] : report.counts) {
    account.counts.push_back({what.first, what.second, count});
  }
  account.strongest = report.strongest;
  return account;
}

CheckResult result_of(Account account) {
  const auto* finding = finding_on(account.claimed, account);
  CHECK(finding != nullptr, "there is no finding on {}", name_of(account.claimed));
  CheckResult result{"isolation", Validity::unknown, {}, "graph of transactions", {}, {}};
  const auto level = name_of(account.claimed);
  switch (finding->finding) {
    case Finding::proved:
      result.validity = Validity::valid;
      result.message = fmt::format("{} transaction{} allowed by {}", account.transactions,
                                   account.transactions == 1 ? " is" : "s are", level);
      break;
    case Finding::not_ruled_out:
      result.message = fmt::format("{} is neither ruled out nor proved{}{}", level,
                                   finding->open.empty() ? "" : ": ", finding->open);
      break;
    case Finding::ruled_out: {
      const auto& anomaly = account.anomalies.at(finding->anomaly);
      result.validity = Validity::invalid;
      result.message =
          fmt::format("{} is ruled out by {}: {}", level, anomaly.name, anomaly.sentence);
      break;
    }
  }
  result.isolation = std::move(account);
  return result;
}

}  // namespace sunder::checker::isolation
