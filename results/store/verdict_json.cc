#include "results/store/verdict_json.h"

#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "checker/linearizability/sentence.h"
#include "results/json_mistake.h"
#include "results/report/format.h"
#include "results/store/isolation_json.h"
#include "results/store/value_json.h"

namespace sunder::results {

using checker::CheckResult;
using checker::Counterexample;
using checker::TraceEvidence;
using checker::Validity;
using checker::Verdict;
using history::Operation;
using history::Outcome;
using history::ProcessId;
using history::Time;
using Json = nlohmann::ordered_json;

namespace {

using results::json_of;  // of values; the ones below would hide it

/// The enumerator of `all` that is called `word`.
template <typename Enumerator, std::size_t size>
Enumerator of_word(const std::array<Enumerator, size>& all, const std::string& word) {
  for (const Enumerator enumerator : all) {
    if (name_of(enumerator) == word) return enumerator;
  }
  throw std::runtime_error(fmt::format("the word '{}' is not known here", word));
}

Validity validity_of(const Json& json) {
  constexpr std::array all = {Validity::valid, Validity::unknown, Validity::invalid};
  return of_word(all, json.get<std::string>());
}

Outcome outcome_of(const Json& json) {
  constexpr std::array all = {Outcome::ok, Outcome::fail, Outcome::info};
  return of_word(all, json.get<std::string>());
}

Time time_of(const Json& json) {
  return Time{json.get<Time::rep>()};
}

Json json_of(const Operation& operation) {
  const bool returns = operation.returned != history::never;
  const bool is_answered = returns || (operation.weakened && operation.returned_at.count() > 0);
  Json json = {{"process", static_cast<std::int64_t>(operation.process)},
               {"f", operation.f},
               {"key", operation.key},
               {"argument", json_of(operation.argument)},
               {"result", json_of(operation.result)},
               {"outcome", name_of(operation.outcome)},
               {"invoked", operation.invoked},
               {"returned", returns ? Json(operation.returned) : Json()},
               {"invoked_at", operation.invoked_at.count()},
               {"returned_at", is_answered ? Json(operation.returned_at.count()) : Json()}};
  if (operation.weakened) json["weakened"] = true;
  if (operation.answer && !operation.answer->node.empty()) json["node"] = operation.answer->node;
  return json;
}

Operation operation_of(const Json& json) {
  Operation operation;
  operation.process = ProcessId{json.at("process").get<std::int64_t>()};
  operation.f = json.at("f").get<std::string>();
  operation.key = json.at("key").get<std::string>();
  operation.argument = value_of(json.at("argument"));
  operation.result = value_of(json.at("result"));
  operation.outcome = outcome_of(json.at("outcome"));
  operation.weakened = json.contains("weakened") && json["weakened"].get<bool>();
  operation.invoked = json.at("invoked").get<history::Position>();
  operation.invoked_at = time_of(json.at("invoked_at"));
  if (!json.at("returned").is_null()) {
    operation.returned = json.at("returned").get<history::Position>();
  }
  if (!json.at("returned_at").is_null()) {
    operation.returned_at = time_of(json.at("returned_at"));
  }
  if (json.contains("node")) {
    history::Answer answer;
    answer.node = json["node"].get<std::string>();
    operation.answer = std::make_shared<const history::Answer>(std::move(answer));
  }
  return operation;
}

Json json_of(const checker::Stale& stale) {
  return {{"age", stale.age.count()}, {"writes", stale.writes}};
}

checker::Stale stale_of(const Json& json) {
  return {time_of(json.at("age")), json.at("writes").get<std::size_t>()};
}

Json json_of(const checker::Staleness& staleness) {
  return {{"reads", staleness.reads},
          {"median", json_of(staleness.median)},
          {"max", json_of(staleness.max)}};
}

checker::Staleness staleness_of(const Json& json) {
  return {json.at("reads").get<std::size_t>(), stale_of(json.at("median")),
          stale_of(json.at("max"))};
}

Json json_of(const checker::FateCount& fate) {
  return {{"count", fate.count}, {"values", json_of(history::Value(fate.values))}};
}

checker::FateCount fate_count_of(const Json& json) {
  checker::FateCount fate{json.at("count").get<std::size_t>(), {}};
  for (const Json& each : json.at("values")) fate.values.push_back(value_of(each));
  return fate;
}

Json json_of(const checker::Fates& fates) {
  Json json = {{"of", fates.are_messages ? "messages" : "elements"},
               {"acknowledged", fates.acknowledged},
               {"lost", json_of(fates.lost)},
               {"duplicated", json_of(fates.duplicated)},
               {"recovered", json_of(fates.recovered)},
               {"unexpected", json_of(fates.unexpected)},
               {"never_read", json_of(fates.never_read)}};
  if (fates.are_messages) {
    json["unanswered_dequeues"] = fates.unanswered_dequeues;
    json["unanswered_drains"] = fates.unanswered_drains;
  } else {
    json["stale"] = json_of(fates.stale);
    json["stale_median"] = fates.stale_median.count();
    json["stale_max"] = fates.stale_max.count();
  }
  return json;
}

checker::Fates fates_of(const Json& json) {
  checker::Fates fates;
  fates.are_messages = json.at("of") == "messages";
  fates.acknowledged = json.at("acknowledged").get<std::size_t>();
  fates.lost = fate_count_of(json.at("lost"));
  fates.duplicated = fate_count_of(json.at("duplicated"));
  fates.recovered = fate_count_of(json.at("recovered"));
  fates.unexpected = fate_count_of(json.at("unexpected"));
  fates.never_read = fate_count_of(json.at("never_read"));
  if (fates.are_messages) {
    fates.unanswered_dequeues = json.at("unanswered_dequeues").get<std::size_t>();
    fates.unanswered_drains = json.at("unanswered_drains").get<std::size_t>();
  } else {
    fates.stale = fate_count_of(json.at("stale"));
    fates.stale_median = time_of(json.at("stale_median"));
    fates.stale_max = time_of(json.at("stale_max"));
  }
  return fates;
}

bool is_long(const history::Value& value) {
  constexpr std::size_t long_bytes = 60;
  return heap_bytes_of(value) > long_bytes && history::to_json(value).size() > long_bytes;
}

Json json_of(const Counterexample& counterexample) {
  const auto focus = checker::written_in(counterexample.operations);
  Json operations = Json::array();
  for (const Operation& each : counterexample.operations) {
    operations.push_back(json_of(each));
    if (is_long(each.argument) || is_long(each.result)) {
      operations.back()["label"] = format_call(each, focus);
    }
  }
  Json json = {{"key", counterexample.key},
               {"sentence", counterexample.sentence},
               {"culprit", counterexample.culprit},
               {"operations", std::move(operations)}};
  if (!counterexample.elements.empty()) {
    json["elements"] = json_of(history::Value(counterexample.elements));
  }
  if (counterexample.stale) json["stale"] = json_of(*counterexample.stale);
  if (counterexample.shortfall) {
    json["shortfall"] = {{"values", counterexample.shortfall->values},
                         {"dequeues", counterexample.shortfall->dequeues}};
  }
  return json;
}

Counterexample counterexample_of(const Json& json) {
  Counterexample counterexample;
  counterexample.key = json.at("key").get<std::string>();
  counterexample.sentence = json.at("sentence").get<std::string>();
  counterexample.culprit = json.at("culprit").get<std::size_t>();
  for (const Json& each : json.at("operations")) {
    counterexample.operations.push_back(operation_of(each));
  }
  if (json.contains("elements")) {
    for (const Json& each : json["elements"]) counterexample.elements.push_back(value_of(each));
  }
  if (json.contains("stale")) counterexample.stale = stale_of(json["stale"]);
  if (json.contains("shortfall")) {
    counterexample.shortfall = {json["shortfall"].at("values").get<std::size_t>(),
                                json["shortfall"].at("dequeues").get<std::size_t>()};
  }
  return counterexample;
}

Json json_of(const TraceEvidence& evidence) {
  return {{"time", evidence.time.count()},
          {"node", evidence.node},
          {"term", evidence.term},
          {"index", evidence.index},
          {"what", evidence.what}};
}

TraceEvidence evidence_of(const Json& json) {
  return {time_of(json.at("time")), json.at("node").get<std::string>(),
          json.at("term").get<std::uint64_t>(), json.at("index").get<std::uint64_t>(),
          json.at("what").get<std::string>()};
}

Json json_of(const CheckResult& check) {
  Json evidence = Json::array();
  for (const TraceEvidence& each : check.evidence) evidence.push_back(json_of(each));
  Json json = {{"name", check.name},
               {"validity", name_of(check.validity)},
               {"message", check.message},
               {"procedure", check.procedure},
               {"evidence", std::move(evidence)},
               {"counterexample", check.counterexample ? json_of(*check.counterexample) : Json()}};
  if (check.staleness) json["staleness"] = json_of(*check.staleness);
  if (check.fates) json["fates"] = json_of(*check.fates);
  if (check.isolation) json["isolation"] = results::json_of(*check.isolation);
  return json;
}

CheckResult check_of(const Json& json) {
  CheckResult check;
  check.name = json.at("name").get<std::string>();
  check.validity = validity_of(json.at("validity"));
  check.message = json.at("message").get<std::string>();
  check.procedure = json.at("procedure").get<std::string>();
  for (const Json& each : json.at("evidence")) check.evidence.push_back(evidence_of(each));
  const Json& counterexample = json.at("counterexample");
  if (!counterexample.is_null()) check.counterexample = counterexample_of(counterexample);
  if (json.contains("staleness")) check.staleness = staleness_of(json["staleness"]);
  if (json.contains("fates")) check.fates = fates_of(json["fates"]);
  if (json.contains("isolation")) check.isolation = isolation_account_of(json["isolation"]);
  return check;
}

Json json_of(const OutcomeCounts& counts) {
  return {
      {"ok", counts.ok}, {"refused", counts.refused}, {"fail", counts.fail}, {"info", counts.info}};
}

OutcomeCounts counts_of(const Json& json) {
  return {json.at("ok").get<std::uint64_t>(), json.at("fail").get<std::uint64_t>(),
          json.at("info").get<std::uint64_t>(), json.value("refused", std::uint64_t{0})};
}

Json json_of(const LatencyQuantiles& latency) {
  return {{"p50", latency.p50.count()},
          {"p95", latency.p95.count()},
          {"p99", latency.p99.count()},
          {"max", latency.max.count()}};
}

LatencyQuantiles latency_of(const Json& json) {
  return {time_of(json.at("p50")), time_of(json.at("p95")), time_of(json.at("p99")),
          time_of(json.at("max"))};
}

Json json_of(const Interval& interval) {
  Json json = json_of(interval.completed);
  json["measured"] = interval.measured;
  json.update(json_of(interval.latency));
  return json;
}

Interval interval_of(const Json& json) {
  return {counts_of(json), json.at("measured").get<std::uint64_t>(), latency_of(json)};
}

Statistics statistics_of(const Json& json) {
  Statistics statistics;
  statistics.total = counts_of(json.at("operations"));
  for (const auto& [f, counts] : json.at("by_function").items()) {
    statistics.by_function.push_back({f, counts_of(counts)});
  }
  statistics.latency = latency_of(json.at("latency"));
  statistics.duration = time_of(json.at("duration"));
  statistics.interval = time_of(json.at("interval"));
  for (const Json& each : json.at("intervals")) {
    statistics.intervals.push_back(interval_of(each));
  }
  for (const Json& each : json.at("unavailable")) {
    statistics.unavailable.push_back({time_of(each.at("from")), time_of(each.at("until"))});
  }
  return statistics;
}

/// Verdicts of older versions have no such list.
std::vector<std::string> texts_of(const Json& json, const char* name) {
  return json.contains(name) ? json.at(name).get<std::vector<std::string>>()
                             : std::vector<std::string>{};
}

Verdict verdict_of(const Json& json) {
  Verdict verdict;
  verdict.validity = validity_of(json.at("validity"));
  verdict.sentence = json.at("sentence").get<std::string>();
  for (const Json& each : json.at("checks")) verdict.checks.push_back(check_of(each));
  return verdict;
}

}  // namespace

Json json_of(const Verdict& verdict) {
  Json checks = Json::array();
  for (const CheckResult& each : verdict.checks) checks.push_back(json_of(each));
  return {{"validity", name_of(verdict.validity)},
          {"sentence", verdict.sentence},
          {"checks", std::move(checks)}};
}

Json json_of(const Statistics& statistics) {
  Json by_function = Json::object();
  for (const auto& [f, counts] : statistics.by_function) by_function[f] = json_of(counts);
  Json unavailable = Json::array();
  for (const TimeSpan& each : statistics.unavailable) {
    unavailable.push_back({{"from", each.from.count()}, {"until", each.until.count()}});
  }
  Json intervals = Json::array();
  for (const Interval& each : statistics.intervals) intervals.push_back(json_of(each));
  return {{"operations", json_of(statistics.total)},
          {"by_function", std::move(by_function)},
          {"latency", json_of(statistics.latency)},
          {"duration", statistics.duration.count()},
          {"ok_per_second", statistics.ok_per_second()},
          {"longest_unavailability", statistics.longest_unavailability().length().count()},
          {"unavailable", std::move(unavailable)},
          {"interval", statistics.interval.count()},
          {"intervals", std::move(intervals)}};
}

std::string to_verdict_json(const StoredVerdict& stored) {
  Json json = json_of(stored.verdict);
  json["assumptions"] = stored.assumptions;
  json["warnings"] = stored.warnings;
  json["statistics"] = json_of(stored.statistics);
  // A history may contain bytes that are not UTF-8.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

StoredVerdict parse_verdict_json(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    return {verdict_of(json), statistics_of(json.at("statistics")), texts_of(json, "assumptions"),
            texts_of(json, "warnings")};
  } catch (const Json::exception& error) {
    throw std::runtime_error(
        fmt::format("this is no verdict.json: {}", json_mistake(error.what())));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("this is no verdict.json: {}", error.what()));
  }
}

StoredVerdict read_verdict_json(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) throw std::runtime_error(fmt::format("cannot read {}", file.string()));
  try {
    return parse_verdict_json(text.str());
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("{}: {}", file.string(), error.what()));
  }
}

}  // namespace sunder::results
