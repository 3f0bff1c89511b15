// Three nodes on loopback, every write synced on a majority before its answer: throughput and
// latency by number of clients, beside what the disk allows and, where it is installed, etcd on the
// same machine in the same run.
//   node_bench [--seconds 3] [--json]

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <cxxopts.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "node/bench/subject_bench.h"
#include "node/disk/files.h"
#include "node/net/completion.h"

namespace sunder::bench {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;
using Micros = std::chrono::duration<double, std::micro>;

class Latencies {
 public:
  void add(Clock::duration latency) { micros_.push_back(Micros(latency).count()); }
  std::size_t count() const { return micros_.size(); }
  double at(double quantile) {
    if (micros_.empty()) return 0;
    const auto last = micros_.size() - 1;
    const auto place =
        std::min(last, static_cast<std::size_t>(quantile * static_cast<double>(micros_.size())));
    const auto nth = micros_.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(micros_.begin(), nth, micros_.end());
    return *nth;
  }

 private:
  std::vector<double> micros_;
};

struct Row {
  std::string subject;
  std::string operation;
  int clients = 0;
  double per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
};

Row row_of(std::string_view subject, std::string_view operation, int clients, Seconds elapsed,
           Latencies& latencies) {
  return {std::string(subject),
          std::string(operation),
          clients,
          static_cast<double>(latencies.count()) / elapsed.count(),
          latencies.at(0.5),
          latencies.at(0.99)};
}

asio::awaitable<void> keep_asking(Client& client, Asked asked, std::uint64_t key,
                                  Clock::time_point end, Latencies& latencies) {
  while (Clock::now() < end) {
    const auto begun = Clock::now();
    co_await client.ask(asked, key);
    latencies.add(Clock::now() - begun);
  }
}

Row measure(Subject& subject, Asked asked, int clients, Seconds duration) {
  asio::io_context io(1);
  std::vector<std::unique_ptr<Client>> connected;
  for (int i = 0; i < clients; ++i) connected.push_back(subject.make_client(io));
  Latencies latencies;
  const auto begun = Clock::now();
  const auto end = begun + std::chrono::duration_cast<Clock::duration>(duration);
  for (std::size_t i = 0; i < connected.size(); ++i) {
    asio::co_spawn(io, keep_asking(*connected[i], asked, i, end, latencies), rethrow);
  }
  io.run();
  return row_of(subject.name(), name_of(asked), clients, Clock::now() - begun, latencies);
}

/// Synced writes of 200 bytes into a file of zeros, as the log makes them.
Row measure_disk(Seconds duration) {
  const Processes folder;
  const File file(folder.directory() / "limit", File::Mode::create);
  constexpr std::size_t size = std::size_t{8} << 20;
  file.write_at(0, std::string(size, '\0'));
  file.sync();
  Latencies latencies;
  const auto begun = Clock::now();
  const std::string bytes(200, 'x');
  for (std::size_t at = 0; Clock::now() - begun < duration && at + bytes.size() < size;
       at += bytes.size()) {
    const auto before = Clock::now();
    file.write_at(at, bytes);
    file.sync_data();
    latencies.add(Clock::now() - before);
  }
  return row_of("disk", "fdatasync", 1, Clock::now() - begun, latencies);
}

class Table {
 public:
  explicit Table(bool as_json) : as_json_(as_json) {
    if (as_json_) return;
    fmt::print("{:<9}{:<11}{:>8}{:>12}{:>9}{:>9}{:>10}\n", "subject", "operation", "clients",
               "per second", "p50 us", "p99 us", "of etcd's");
  }

  void add(const Row& row) {
    rows_.push_back({{"subject", row.subject},
                     {"operation", row.operation},
                     {"clients", row.clients},
                     {"per_second", row.per_second},
                     {"p50_us", row.p50_us},
                     {"p99_us", row.p99_us}});
    if (as_json_) return;
    auto& etcd = etcd_[{row.operation, row.clients}];
    if (row.subject == "etcd") etcd = row.per_second;
    const auto ratio = etcd == 0 ? "" : fmt::format("{:.2f}", row.per_second / etcd);
    fmt::print("{:<9}{:<11}{:>8}{:>12.0f}{:>9.0f}{:>9.0f}{:>10}\n", row.subject, row.operation,
               row.clients, row.per_second, row.p50_us, row.p99_us, ratio);
    std::fflush(stdout);
  }

  void finish() const {
    if (as_json_) fmt::print("{}\n", nlohmann::json{{"node_bench", rows_}}.dump());
  }

 private:
  bool as_json_;
  nlohmann::json rows_ = nlohmann::json::array();
  std::map<std::pair<std::string, int>, double> etcd_;
};

/// etcd first, so that each of our rows can be compared.
std::vector<std::unique_ptr<Subject>> subjects() {
  std::vector<std::unique_ptr<Subject>> all;
  if (auto etcd = start_etcd_cluster()) all.push_back(std::move(etcd));
  all.push_back(start_node_cluster());
  return all;
}

void run(int argc, char** argv) {
  cxxopts::Options options("node_bench", "Throughput and latency of three nodes on loopback.");
  // clang-format off
  options.add_options()
      ("seconds", "for each row", cxxopts::value<double>()->default_value("3"), "N")
      ("json", "one JSON object instead of a table")
      ("help", "this text");
  // clang-format on
  const auto flags = options.parse(argc, argv);
  if (flags.count("help") != 0) return fmt::print("{}\n", options.help());
  const Seconds duration(flags["seconds"].as<double>());
  Table table(flags.count("json") != 0);
  table.add(measure_disk(duration));
  const auto all = subjects();
  for (const auto asked : {Asked::write, Asked::read}) {
    for (const int clients : {1, 10, 100, 1000}) {
      for (const auto& subject : all) table.add(measure(*subject, asked, clients, duration));
    }
  }
  table.finish();
}

}  // namespace
}  // namespace sunder::bench

int main(int argc, char** argv) {
  try {
    sunder::bench::run(argc, argv);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "node_bench: {}\n", error.what());
    return 255;
  }
}
