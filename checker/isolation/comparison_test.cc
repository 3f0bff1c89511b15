#include "checker/isolation/comparison_test.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "checker/isolation/brute_force_test.h"
#include "checker/isolation/random_transactions_test.h"

namespace sunder::checker::isolation::comparison_test {

namespace {

using small_history_test::Micro;
using small_history_test::Small;
using small_history_test::SmallHistory;
using stores_test::Kind;

bool wrote(const Small& transaction, const std::string& key, int value) {
  return std::any_of(transaction.steps.begin(), transaction.steps.end(), [&](const Micro& step) {
    return step.writes() && std::to_string(step.key) == key && (value == 0 || step.value == value);
  });
}

bool read_any(const Small& transaction, const std::string& key,
              const std::function<bool(const Micro&)>& is_so) {
  return std::any_of(transaction.steps.begin(), transaction.steps.end(), [&](const Micro& step) {
    return step.reads() && std::to_string(step.key) == key && is_so(step);
  });
}

bool is_true(const Edge& edge, const SmallHistory& history, const Transactions& transactions) {
  const auto& from = history[edge.from];
  const auto& to = history[edge.to];
  if (edge.kind == EdgeKind::real_time || edge.kind == EdgeKind::process) {
    return from.outcome == history::Outcome::ok && from.returned < to.invoked &&
           (edge.kind == EdgeKind::real_time || from.process == to.process);
  }
  const auto& key = transactions.keys[edge.key].name;
  if (edge.kind == EdgeKind::ww) return wrote(from, key, 0) && wrote(to, key, 0);
  if (edge.kind == EdgeKind::wr) {
    return read_any(to, key, [&](const Micro& step) {
      const auto last = step.kind == Micro::Kind::read_register ? step.value
                        : step.list.empty()                     ? -1
                                                                : step.list.back();
      return last > 0 && wrote(from, key, last);
    });
  }
  return wrote(to, key, 0) && read_any(from, key, [&](const Micro& step) {
           if (step.kind == Micro::Kind::read_register) {
             return step.value == 0 || !wrote(to, key, step.value);
           }
           return std::any_of(to.steps.begin(), to.steps.end(), [&](const Micro& missed) {
             return missed.writes() && missed.key == step.key &&
                    std::find(step.list.begin(), step.list.end(), missed.value) == step.list.end();
           });
         });
}

std::string flaw_of(const Anomaly& anomaly, const SmallHistory& history,
                    const Transactions& transactions) {
  if (anomaly.rules_out.empty()) return anomaly.name + " rules nothing out";
  if (anomaly.sentence.empty()) return anomaly.name + " has no sentence";
  if (anomaly.transactions.empty()) return anomaly.name + " names no transactions";
  for (std::size_t i = 0; i < anomaly.cycle.size(); ++i) {
    const auto& edge = anomaly.cycle[i];
    if (edge.to != anomaly.cycle[(i + 1) % anomaly.cycle.size()].from) {
      return anomaly.name + " has a cycle that does not close";
    }
    if (!is_true(edge, history, transactions)) {
      return fmt::format("{} has a false edge {} from T{} to T{}: {}", anomaly.name,
                         name_of(edge.kind), edge.from + 1, edge.to + 1, edge.reason);
    }
  }
  return "";
}

/// A promise of the report that it breaks.
std::string flaw_of(const IsolationReport& report, const SmallHistory& history,
                    const Transactions& transactions) {
  if (report.levels.size() != all_levels().size()) return "levels are missing";
  for (std::size_t i = 0; i < report.levels.size(); ++i) {
    const auto& stronger = report.levels[i];
    if (stronger.level != all_levels()[i]) return "the levels have another order";
    if (stronger.finding == Finding::ruled_out && stronger.anomaly >= report.anomalies.size()) {
      return name_of(stronger.level) + " is ruled out by no anomaly";
    }
    for (const auto& weaker : report.levels) {
      if (!implies(stronger.level, weaker.level)) continue;
      if (weaker.finding == Finding::ruled_out && stronger.finding != Finding::ruled_out) {
        return fmt::format("{} is ruled out and {} is not", name_of(weaker.level),
                           name_of(stronger.level));
      }
      if (stronger.finding == Finding::proved && weaker.finding != Finding::proved) {
        return fmt::format("{} is proved and {} is not", name_of(stronger.level),
                           name_of(weaker.level));
      }
    }
  }
  for (const auto& anomaly : report.anomalies) {
    auto flaw = flaw_of(anomaly, history, transactions);
    if (!flaw.empty()) return flaw;
  }
  return "";
}

/// Leaves out transactions and steps as long as `is_wrong` stays true.
SmallHistory smallest(SmallHistory history,
                      const std::function<bool(const SmallHistory&)>& is_wrong) {
  bool is_smaller = true;
  const auto keep_if_wrong = [&](SmallHistory candidate) {
    small_history_test::close_ranks(candidate);
    if (candidate.empty() || !is_wrong(candidate)) return false;
    history = std::move(candidate);
    is_smaller = true;
    return true;
  };
  while (is_smaller) {
    is_smaller = false;
    for (std::size_t t = 0; t < history.size(); ++t) {
      auto without = history;
      without.erase(without.begin() + static_cast<std::ptrdiff_t>(t));
      if (keep_if_wrong(std::move(without))) break;
      for (std::size_t step = 0; step < history[t].steps.size(); ++step) {
        auto shorter = history;
        auto& steps = shorter[t].steps;
        if (steps.size() == 1) break;
        steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(step));
        if (keep_if_wrong(std::move(shorter))) break;
      }
    }
  }
  return history;
}

/// With the mistake on it.
std::string shrunk_text(const SmallHistory& history, const std::string& mistake) {
  const auto kind = mistake.substr(0, mistake.find(':'));
  const auto small = smallest(history, [&](const SmallHistory& candidate) {
    const auto found = compare(candidate).mistake;
    return found.substr(0, found.find(':')) == kind;
  });
  return compare(small).mistake + '\n' + to_lines(small);
}

}  // namespace

IsolationReport report_of(const SmallHistory& small) {
  const auto history = to_history(small);
  IsolationOptions options;
  options.threads = 1;
  return find_isolation(history, transactions_of(history), options);
}

Comparison compare(const SmallHistory& small) {
  const auto history = to_history(small);
  const auto transactions = transactions_of(history);
  IsolationOptions options;
  options.threads = 1;
  const auto report = find_isolation(history, transactions, options);
  const brute_force_test::Allowed allowed(small);
  Comparison comparison;
  for (const auto& found : report.levels) {
    const bool is_allowed = allowed.allows(found.level);
    const auto name = name_of(found.level);
    if (found.finding == Finding::ruled_out) {
      comparison.ruled_out.push_back(found.level);
      if (is_allowed) {
        comparison.mistake = fmt::format("{} is falsely ruled out: {}", name,
                                         report.anomalies[found.anomaly].sentence);
      }
    } else if (found.finding == Finding::proved) {
      ++comparison.proved;
      if (!is_allowed) comparison.mistake = fmt::format("{} is falsely proved:", name);
    } else if (!is_allowed) {
      comparison.missed.push_back(found.level);
      if (found.open.empty()) {
        comparison.mistake = fmt::format("{} is open without a reason:", name);
      }
    }
    if (!comparison.mistake.empty()) return comparison;
  }
  comparison.mistake = flaw_of(report, small, transactions);
  return comparison;
}

Sum compare_many(int histories, int kind, const std::map<Level, double>& most_missed) {
  Sum sum;
  for (int seed = 0; seed < histories; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    const auto history =
        random_transactions_test::random_transactions(random, static_cast<Kind>(kind));
    const auto comparison = compare(history);
    if (!comparison.mistake.empty()) {
      ADD_FAILURE() << "seed " << seed << ": " << shrunk_text(history, comparison.mistake);
      return sum;
    }
    ++sum.histories;
    sum.proved += comparison.proved;
    for (const auto level : comparison.ruled_out) ++sum.ruled_out[level];
    for (const auto level : comparison.missed) {
      ++sum.missed[level];
    }
  }
  for (const auto level : all_levels()) {
    const auto missed = static_cast<double>(sum.missed[level]);
    const auto all = missed + static_cast<double>(sum.ruled_out[level]);
    const auto most = most_missed.find(level);
    EXPECT_LE(missed, all * (most == most_missed.end() ? 0.0 : most->second))
        << name_of(level) << ": missed " << missed << " of " << all;
  }
  return sum;
}

}  // namespace sunder::checker::isolation::comparison_test
