#include "results/report/terminal_summary.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "checker/history/brief.h"
#include "checker/linearizability/sentence.h"
#include "checker/objects/fates.h"
#include "results/report/format.h"
#include "results/report/isolation_summary.h"
#include "results/report/painter.h"

namespace sunder::results {

using checker::CheckResult;
using checker::Counterexample;
using checker::Validity;
using checker::Verdict;
using history::Operation;
using history::printable_line;

namespace {

using Out = std::back_insert_iterator<std::string>;

struct Part {
  std::span<const Operation> operations;
  std::size_t culprit;
};

/// The operations that a terminal has room for: the last ones, the culprit among them.
Part last_of(const Counterexample& example) {
  constexpr std::size_t most = 16;
  const std::span<const Operation> all = example.operations;
  if (all.size() <= most) return {all, example.culprit};
  const auto end = std::min(all.size(), std::max(example.culprit + 1, most));
  return {all.subspan(end - most, most), example.culprit - (end - most)};
}

/// Of an operation of a proof, which may have failed.
std::string call_of(const Operation& operation, std::span<const history::Value* const> focus) {
  const bool failed = operation.outcome == history::Outcome::fail;
  return format_call(operation, focus) + (failed ? ", answered fail" : "");
}

/// What stands at the right end of an operation's bar. Of a write that was answered the proof may
/// not need to know when it happened.
std::string_view end_of_bar(const Operation& operation) {
  if (operation.returned != history::never) return "┤";
  return operation.weakened ? "┄ answered; its time does not matter" : "┄ never answered";
}

/// Each event has a column of its own, in the order of events:
///
///   client 5  write 21     ├──┤
///   client 3  read → 17          ├──┤  ✕ impossible
void chart(Out out, const Counterexample& whole, const Painter& paint) {
  constexpr std::size_t step = 4;
  const auto example = last_of(whole);
  const auto focus = checker::written_in(whole.operations);
  std::vector<history::Position> events;
  std::size_t names = 0;
  std::size_t calls = 0;
  for (const Operation& each : example.operations) {
    events.push_back(each.invoked);
    if (each.returned != history::never) events.push_back(each.returned);
    names = std::max(names, fmt::formatted_size("client {}", static_cast<int>(each.process)));
    calls = std::max(calls, columns_of(call_of(each, focus)));
  }
  std::sort(events.begin(), events.end());
  const auto column = [&](history::Position position) {
    const auto place = std::lower_bound(events.begin(), events.end(), position);
    return static_cast<std::size_t>(place - events.begin()) * step;
  };
  for (std::size_t i = 0; i < example.operations.size(); ++i) {
    const Operation& each = example.operations[i];
    const bool open = each.returned == history::never;
    const std::size_t from = column(each.invoked);
    const std::size_t until = open ? events.size() * step : column(each.returned);
    std::string bar(from, ' ');
    bar += "├";
    for (std::size_t x = from + 1; x < until; ++x) bar += "─";
    bar += end_of_bar(each);
    const std::string line = fmt::format(
        "  {}  {}  {}", padded(fmt::format("client {}", static_cast<int>(each.process)), names),
        padded(call_of(each, focus), calls), bar);
    const bool culprit = i == example.culprit;
    fmt::format_to(out, "{}\n", culprit ? paint(Paint::red, line + "  ✕ impossible") : line);
  }
  const auto left_out = whole.operations.size() - example.operations.size();
  if (left_out > 0) fmt::format_to(out, "  … and {} more operations\n", left_out);
}

/// "12 reads are stale: median by 3.1 ms and 2 writes, at most by 40 ms and 17 writes"
std::string stale_reads_text(const checker::Staleness& staleness) {
  const auto figures = [&](const checker::Stale& stale) {
    auto writes = fmt::format("{} write{}", stale.writes, stale.writes == 1 ? "" : "s");
    if (staleness.max.age.count() <= 0) return writes;
    return fmt::format("{} and {}", format_latency(stale.age), writes);
  };
  return fmt::format("{} read{} stale: median by {}, at most by {}", staleness.reads,
                     staleness.reads == 1 ? " is" : "s are", figures(staleness.median),
                     figures(staleness.max));
}

void checks(Out out, const Verdict& verdict, const Painter& paint) {
  std::size_t names = 0;
  for (const CheckResult& check : verdict.checks) names = std::max(names, columns_of(check.name));
  for (const CheckResult& check : verdict.checks) {
    fmt::format_to(out, "  {} {}  {}\n", paint(paint_of(check.validity), sign_of(check.validity)),
                   padded(check.name, names), printable_line(check.message));
    if (check.staleness) {
      fmt::format_to(out, "      {}\n", paint(Paint::quiet, stale_reads_text(*check.staleness)));
    }
    if (check.fates) {
      for (const auto& line : checker::lines_about(*check.fates)) {
        fmt::format_to(out, "      {}\n", paint(Paint::quiet, printable_line(line)));
      }
    }
    if (check.validity != Validity::invalid) continue;
    for (const auto& evidence : check.evidence) {
      fmt::format_to(out, "      {}  {}\n",
                     paint(Paint::quiet, padded(format_time(evidence.time), 9)),
                     printable_line(evidence.what));
    }
  }
}

/// "1,200 ok, 31 refused, 4 info, 2 fail"
std::string outcomes_text(const OutcomeCounts& counts) {
  const auto refused = counts.refused == 0
                           ? std::string()
                           : fmt::format(", {} refused", format_count(counts.refused));
  return fmt::format("{} ok{}, {} info, {} fail", format_count(counts.ok), refused,
                     format_count(counts.info), format_count(counts.fail));
}

void figures(Out out, const Statistics& statistics) {
  const OutcomeCounts& total = statistics.total;
  if (statistics.duration.count() == 0) {
    fmt::format_to(out, "  {} operations: {} (the history has no times)\n",
                   format_count(total.total()), outcomes_text(total));
    return;
  }
  fmt::format_to(out, "  {} operations in {}: {}; {:.0f} ok/s\n", format_count(total.total()),
                 format_time(statistics.duration), outcomes_text(total),
                 statistics.ok_per_second());
  const LatencyQuantiles& latency = statistics.latency;
  if (total.ok > 0) {
    fmt::format_to(out, "  latency of ok: p50 {}, p95 {}, p99 {}, max {}\n",
                   format_latency(latency.p50), format_latency(latency.p95),
                   format_latency(latency.p99), format_latency(latency.max));
  }
  const TimeSpan longest = statistics.longest_unavailability();
  if (longest.length().count() > 0) {
    fmt::format_to(out, "  no operation succeeded for {}, starting at {}\n",
                   format_latency(longest.length()), format_time(longest.from));
  }
}

}  // namespace

std::string terminal_summary(const Verdict& verdict, const Statistics& statistics,
                             const Terminal& terminal) {
  const Painter paint(terminal.colour);
  std::string text;
  const Out out(text);
  const std::string headline =
      fmt::format("{} {}", sign_of(verdict.validity), checker::name_of(verdict.validity));
  fmt::format_to(out, "{}  {}\n\n", paint(paint_of(verdict.validity), headline),
                 paint(Paint::strong, printable_line(verdict.sentence)));
  for (const CheckResult& check : verdict.checks) {
    if (!check.counterexample) continue;
    chart(out, *check.counterexample, paint);
    text += '\n';
  }
  for (const CheckResult& check : verdict.checks) {
    if (!check.isolation) continue;
    text += isolation_summary(*check.isolation, paint, terminal.columns);
    text += '\n';
  }
  checks(out, verdict, paint);
  text += '\n';
  figures(out, statistics);
  return text;
}

}  // namespace sunder::results
