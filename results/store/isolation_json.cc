#include "results/store/isolation_json.h"

#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sunder::results {

using checker::isolation::Account;
using checker::isolation::AnomalyCount;
using checker::isolation::EdgeKind;
using checker::isolation::Level;
using checker::isolation::LevelFinding;
using checker::isolation::Order;
using checker::isolation::ShownAnomaly;
using checker::isolation::ShownEdge;
using checker::isolation::ShownTransaction;
using history::Outcome;
using history::Time;
using Json = nlohmann::ordered_json;

namespace {

/// The enumerator of `all` that is called `word`.
template <typename Enumerator, std::size_t size>
Enumerator enumerator_named(const std::array<Enumerator, size>& all, const std::string& word) {
  for (const Enumerator enumerator : all) {
    if (name_of(enumerator) == word) return enumerator;
  }
  throw std::runtime_error(fmt::format("the word '{}' is not known here", word));
}

Level level_of(const Json& json) {
  try {
    return checker::isolation::level_named(json.get<std::string>());
  } catch (const std::invalid_argument& unknown) {
    throw std::runtime_error(unknown.what());
  }
}

std::vector<Level> levels_of(const Json& json) {
  std::vector<Level> levels;
  for (const Json& each : json) levels.push_back(level_of(each));
  return levels;
}

Json level_names(const std::vector<Level>& levels) {
  Json names = Json::array();
  for (const Level level : levels) names.push_back(name_of(level));
  return names;
}

std::string_view name_of_order(Order order) {
  switch (order) {
    case Order::values:
      return "values";
    case Order::session:
      return "session";
    case Order::real_time:
      break;
  }
  return "realtime";
}

Json json_of_finding(const LevelFinding& each) {
  Json json = {{"level", name_of(each.level)},
               {"model", name_of(Level{each.level.model, Order::values})},
               {"order", name_of_order(each.level.order)},
               {"finding", name_of(each.finding)}};
  if (each.finding == checker::isolation::Finding::ruled_out) json["anomaly"] = each.anomaly;
  if (each.finding == checker::isolation::Finding::not_ruled_out) json["open"] = each.open;
  return json;
}

LevelFinding finding_of(const Json& json) {
  constexpr std::array all = {checker::isolation::Finding::proved,
                              checker::isolation::Finding::not_ruled_out,
                              checker::isolation::Finding::ruled_out};
  LevelFinding finding{level_of(json.at("level")),
                       enumerator_named(all, json.at("finding").get<std::string>()), 0, ""};
  if (json.contains("anomaly")) finding.anomaly = json["anomaly"].get<std::size_t>();
  if (json.contains("open")) finding.open = json["open"].get<std::string>();
  return finding;
}

Json json_of_transaction(const ShownTransaction& each) {
  const bool returns = each.returned != history::never;
  const auto process = static_cast<std::int64_t>(each.process);
  return {{"name", each.name},
          {"process", each.process == history::ProcessId::nemesis ? Json() : Json(process)},
          {"outcome", name_of(each.outcome)},
          {"invoked", each.invoked},
          {"returned", returns ? Json(each.returned) : Json()},
          {"invoked_at", each.invoked_at.count()},
          {"returned_at", returns ? Json(each.returned_at.count()) : Json()},
          {"steps", each.steps},
          {"steps_left_out", each.steps_left_out}};
}

ShownTransaction transaction_of(const Json& json) {
  constexpr std::array all = {Outcome::ok, Outcome::fail, Outcome::info};
  ShownTransaction shown;
  shown.name = json.at("name").get<std::string>();
  const Json& process = json.at("process");
  shown.process = process.is_null() ? history::ProcessId::nemesis
                                    : history::ProcessId{process.get<std::int64_t>()};
  shown.outcome = enumerator_named(all, json.at("outcome").get<std::string>());
  shown.invoked = json.at("invoked").get<history::Position>();
  shown.invoked_at = Time{json.at("invoked_at").get<Time::rep>()};
  if (!json.at("returned").is_null()) {
    shown.returned = json["returned"].get<history::Position>();
    shown.returned_at = Time{json.at("returned_at").get<Time::rep>()};
  }
  shown.steps = json.at("steps").get<std::vector<std::string>>();
  shown.steps_left_out = json.at("steps_left_out").get<std::size_t>();
  return shown;
}

Json json_of_edge(const ShownEdge& edge) {
  return {{"kind", name_of(edge.kind)},
          {"from", edge.from},
          {"to", edge.to},
          {"key", edge.key},
          {"reason", edge.reason}};
}

ShownEdge edge_of(const Json& json, std::size_t transactions) {
  constexpr std::array all = {EdgeKind::ww, EdgeKind::wr, EdgeKind::rw, EdgeKind::process,
                              EdgeKind::real_time};
  ShownEdge edge{enumerator_named(all, json.at("kind").get<std::string>()),
                 json.at("from").get<std::size_t>(), json.at("to").get<std::size_t>(),
                 json.at("key").get<std::string>(), json.at("reason").get<std::string>()};
  if (edge.from >= transactions || edge.to >= transactions) {
    throw std::runtime_error("an edge of a cycle leads to a transaction that is not there");
  }
  return edge;
}

Json json_of_anomaly(const ShownAnomaly& anomaly) {
  Json transactions = Json::array();
  for (const auto& each : anomaly.transactions) transactions.push_back(json_of_transaction(each));
  Json cycle = Json::array();
  for (const auto& edge : anomaly.cycle) cycle.push_back(json_of_edge(edge));
  return {{"name", anomaly.name},
          {"rules_out", level_names(anomaly.rules_out)},
          {"sentence", anomaly.sentence},
          {"transactions", std::move(transactions)},
          {"cycle", std::move(cycle)}};
}

ShownAnomaly anomaly_of(const Json& json) {
  ShownAnomaly anomaly;
  anomaly.name = json.at("name").get<std::string>();
  anomaly.rules_out = levels_of(json.at("rules_out"));
  anomaly.sentence = json.at("sentence").get<std::string>();
  for (const Json& each : json.at("transactions")) {
    anomaly.transactions.push_back(transaction_of(each));
  }
  for (const Json& each : json.at("cycle")) {
    anomaly.cycle.push_back(edge_of(each, anomaly.transactions.size()));
  }
  return anomaly;
}

}  // namespace

Json json_of(const Account& account) {
  Json levels = Json::array();
  for (const auto& each : account.levels) levels.push_back(json_of_finding(each));
  Json anomalies = Json::array();
  for (const auto& each : account.anomalies) anomalies.push_back(json_of_anomaly(each));
  Json counts = Json::array();
  for (const auto& each : account.counts) {
    counts.push_back({{"anomaly", each.anomaly}, {"key", each.key}, {"count", each.count}});
  }
  return {{"claimed", name_of(account.claimed)},         {"transactions", account.transactions},
          {"strongest", level_names(account.strongest)}, {"levels", std::move(levels)},
          {"anomalies", std::move(anomalies)},           {"counts", std::move(counts)}};
}

Account isolation_account_of(const Json& json) {
  Account account;
  account.claimed = level_of(json.at("claimed"));
  account.transactions = json.at("transactions").get<std::size_t>();
  account.strongest = levels_of(json.at("strongest"));
  for (const Json& each : json.at("anomalies")) account.anomalies.push_back(anomaly_of(each));
  for (const Json& each : json.at("levels")) {
    account.levels.push_back(finding_of(each));
    const auto& finding = account.levels.back();
    const bool has_anomaly = finding.anomaly < account.anomalies.size();
    if (finding.finding == checker::isolation::Finding::ruled_out && !has_anomaly) {
      throw std::runtime_error("a level is ruled out by an anomaly that is not there");
    }
  }
  for (const Json& each : json.at("counts")) {
    account.counts.push_back({each.at("anomaly").get<std::string>(),
                              each.at("key").get<std::string>(),
                              each.at("count").get<std::size_t>()});
  }
  return account;
}

}  // namespace sunder::results
