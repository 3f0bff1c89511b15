// How fast transactions are judged, file to verdict: histories of several sizes, of lists and of
// registers, strict and broken in each way. Each file is read and judged by a process of its own.
// The time of `wc -l` of the file, measured in the same run, tells a slow machine from a slow
// program.

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <cxxopts.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "checker/bench/apart_bench.h"
#include "checker/bench/isolation/transactions_bench.h"
#include "checker/history/read.h"
#include "checker/isolation/isolation.h"
#include "checker/isolation/transaction_lines.h"

namespace sunder::checker::bench {
namespace {

using Wall = std::chrono::steady_clock;
using Path = std::filesystem::path;
using isolation::Finding;

struct BenchOptions {
  std::uint64_t seed = 1;
  unsigned threads = 1;
  std::int64_t most_transactions = 1'000'000;
  std::string only;
  /// By way of a whole History, as other formats are read.
  bool in_general = false;
};

struct JudgeCost {
  std::int64_t transactions = 0;
  Finding strict = Finding::not_ruled_out;
  double read = 0;
  double engine = 0;
  double cpu = 0;
};

std::vector<TransactionShape> shapes(const BenchOptions& options) {
  std::vector<TransactionShape> all;
  const auto add = [&](std::int64_t transactions, int clients, Disorder disorder, bool registers) {
    if (transactions > options.most_transactions) return;
    all.push_back({transactions, clients, 4, registers, disorder, options.seed});
  };
  for (const auto transactions : {100'000, 1'000'000}) {
    for (const int clients : {10, 100}) add(transactions, clients, Disorder::none, false);
  }
  for (const auto disorder : {Disorder::stale, Disorder::aborted, Disorder::interleaved,
                              Disorder::snapshot, Disorder::tangled}) {
    add(100'000, 10, disorder, false);
  }
  for (const int clients : {10, 100}) add(100'000, clients, Disorder::none, true);
  for (const auto disorder : {Disorder::stale, Disorder::snapshot}) {
    add(100'000, 10, disorder, true);
  }
  return all;
}

std::string name_of(const TransactionShape& shape) {
  return fmt::format("{}/{}/{}/{}", shape.registers ? "registers" : "lists", shape.transactions,
                     shape.clients, name_of(shape.disorder));
}

double seconds_since(Wall::time_point begin) {
  return std::chrono::duration<double>(Wall::now() - begin).count();
}

JudgeCost judge(const Path& file, const BenchOptions& options) {
  JudgeCost cost;
  const auto begin = Wall::now();
  Budget budget;
  history::History history;
  isolation::Transactions transactions;
  auto lines = options.in_general ? std::nullopt : isolation::read_transaction_lines(file, budget);
  if (lines) {
    history = std::move(lines->history);
    transactions = std::move(lines->transactions);
  } else {
    if (!options.in_general) throw std::runtime_error("own lines are not read as such");
    history::Interpretation interpretation;
    interpretation.threads = options.threads;
    history = history::read_foreign_history(file, interpretation, budget);
    transactions = isolation::transactions_of(history);
  }
  cost.read = seconds_since(begin);
  isolation::IsolationOptions limits;
  limits.threads = options.threads;
  const auto report = isolation::find_isolation(history, transactions, limits);
  cost.engine = seconds_since(begin) - cost.read;
  cost.cpu = cpu_seconds();
  cost.transactions = static_cast<std::int64_t>(transactions.transactions.size());
  for (const auto& each : report.levels) {
    if (each.level == isolation::Level{}) cost.strict = each.finding;
  }
  return cost;
}

/// Prints the row. Whether the verdict is what the history was made to be.
bool run_row(const TransactionShape& shape, const Path& file, const BenchOptions& options) {
  write_transactions(file, shape);
  const auto megabytes = static_cast<double>(std::filesystem::file_size(file)) / 1e6;
  const auto wc = seconds_of_wc(file);
  double peak_mib = 0;
  const auto cost = run_apart<JudgeCost>([&] { return judge(file, options); }, peak_mib);
  if (!cost) return false;
  const bool is_strict = shape.disorder == Disorder::none;
  const bool is_right =
      cost->transactions == shape.transactions && (cost->strict == Finding::ruled_out) != is_strict;
  const auto total = cost->read + cost->engine;
  fmt::print(
      "{:<34} {:<13} {:>6.1f} {:>7.3f} {:>8.3f} {:>7.3f} {:>7.3f} {:>7.3f} {:>8.1f} {:>8.1f}{}\n",
      name_of(shape), name_of(cost->strict), megabytes, cost->read, cost->engine, total, cost->cpu,
      wc, total / wc, peak_mib, is_right ? "" : "  WRONG");
  std::fflush(stdout);
  return is_right;
}

void run_rows(const BenchOptions& options) {
  const auto file =
      std::filesystem::temp_directory_path() / fmt::format("sunder-isolation-{}.jsonl", ::getpid());
  fmt::print("{:<34} {:<13} {:>6} {:>7} {:>8} {:>7} {:>7} {:>7} {:>8} {:>8}\n",
             "of/transactions/clients/disorder", "strict", "MB", "read s", "engine s", "total s",
             "cpu s", "wc s", "total/wc", "peak MiB");
  std::fflush(stdout);
  bool all_right = true;
  for (const auto& shape : shapes(options)) {
    if (name_of(shape).find(options.only) == std::string::npos) continue;
    all_right = run_row(shape, file, options) && all_right;
  }
  std::filesystem::remove(file);
  if (!all_right) throw std::runtime_error("a verdict is not what the history was made to be");
}

int bench_main(int argc, char** argv) {
  cxxopts::Options flags("isolation_bench", "Transactions judged by isolation levels.");
  flags.add_options()("threads", "that read and judge",
                      cxxopts::value<unsigned>()->default_value("1"))(
      "seed", "of the histories", cxxopts::value<std::uint64_t>()->default_value("1"))(
      "max-transactions", "largest history",
      cxxopts::value<std::int64_t>()->default_value("1000000"))(
      "only", "rows whose name contains this, as lists/1000000",
      cxxopts::value<std::string>()->default_value(""))(
      "general", "read them as histories of other formats are read")("help", "this text");
  try {
    const auto given = flags.parse(argc, argv);
    if (given.count("help") != 0) {
      fmt::print("{}", flags.help());
      return 0;
    }
    run_rows({given["seed"].as<std::uint64_t>(), given["threads"].as<unsigned>(),
              given["max-transactions"].as<std::int64_t>(), given["only"].as<std::string>(),
              given.count("general") != 0});
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "isolation_bench: {}\n", error.what());
    return 254;
  }
}

}  // namespace
}  // namespace sunder::checker::bench

int main(int argc, char** argv) {
  return sunder::checker::bench::bench_main(argc, argv);
}
