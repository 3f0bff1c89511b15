#include "results/page/sample/isolation_sample.h"

#include <chrono>

namespace sunder::results {

using checker::isolation::Account;
using checker::isolation::EdgeKind;
using checker::isolation::Finding;
using checker::isolation::Level;
using checker::isolation::Order;
using checker::isolation::ShownAnomaly;
using checker::isolation::ShownTransaction;
using history::Outcome;
using history::ProcessId;
using namespace std::chrono_literals;

namespace {

ShownAnomaly stale_cycle() {
  ShownAnomaly anomaly;
  anomaly.name = "G-single-realtime";
  anomaly.rules_out = {Level{}};
  anomaly.sentence =
      "T701's read of [] at key 34 did not see T692's append of 1; T692 had returned (line 1395) "
      "before T701 was invoked (line 1397)";
  anomaly.transactions = {
      {"T701", ProcessId{5}, Outcome::ok, 1396, 1401, 17063ms, 17065ms, {"r 34 → []"}, 2},
      {"T692", ProcessId{3}, Outcome::ok, 1380, 1394, 16944ms, 16947ms, {"append 34 1"}, 0}};
  anomaly.cycle = {
      {EdgeKind::rw, 0, 1, "34", "T701's read of [] at key 34 did not see T692's append of 1"},
      {EdgeKind::real_time, 1, 0, "",
       "T692 had returned (line 1395) before T701 was invoked (line 1397)"}};
  return anomaly;
}

}  // namespace

Account stale_transaction() {
  Account account;
  account.claimed = Level{};
  account.transactions = 9'412;
  account.strongest = {{checker::isolation::Model::serializable, Order::session}};
  account.anomalies = {stale_cycle()};
  account.counts = {{"G-single-realtime", "3", 5}, {"G-single-realtime", "34", 7}};
  for (const Level level : checker::isolation::all_levels()) {
    const bool stands = level.order != Order::real_time;
    account.levels.push_back({level, stands ? Finding::proved : Finding::ruled_out, 0, ""});
  }
  return account;
}

}  // namespace sunder::results
