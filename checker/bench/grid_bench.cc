// ./dev bench checker: what the checker takes, in time and memory, over a grid of generated
// register histories: sizes, clients, crashed operations, unique and few values, valid and broken
// once. And over one such history of each size for each other object. Each cell is a process of its
// own, from the file to the verdict, so that its peak memory is its own and a cell that fails takes
// nobody along. At the end: how fast each format is read.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <cxxopts.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checker/bench/formats_bench.h"
#include "checker/bench/generator_bench.h"
#include "checker/bench/object_generator_bench.h"
#include "checker/bench/recorder_cost_bench.h"
#include "checker/history/read.h"
#include "checker/linearizability/linearizable.h"
#include "checker/models/catalog.h"

namespace sunder::checker::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

struct Options {
  std::int64_t max_operations = 1'000'000;
  std::chrono::milliseconds timeout{10'000};
  std::size_t memory_bytes = std::size_t{1} << 30;
  unsigned threads = 1;
  std::uint64_t seed = 1;
  bool as_json = false;
  std::string peer;
  std::string only;
};

struct Cell {
  Shape shape;
  /// Null for a register.
  const ObjectRow* object = nullptr;
  bool is_broken() const { return shape.flaw != Flaw::none; }
};

struct Measurement {
  Cell cell;
  std::string verdict;
  std::string procedure;
  std::size_t explained_by = 0;
  double read_seconds = 0;
  double total_seconds = 0;
  double peak_mib = 0;
  double peer_seconds = 0;
};

/// What the child process says on its pipe.
void judge_file(const std::filesystem::path& file, std::string_view model, const Options& options,
                std::FILE* out) {
  const auto begin = Clock::now();
  const auto history = history::read_history(file);
  const Seconds read = Clock::now() - begin;
  LinearizabilityOptions limits;
  limits.budget = Budget(options.timeout, options.memory_bytes);
  limits.threads = options.threads;
  const auto result = check_linearizability(history, *make_model(model), limits);
  const Seconds total = Clock::now() - begin;
  const nlohmann::json answer = {
      {"verdict", std::string(name_of(result.validity))},
      {"procedure", result.procedure},
      {"explained_by", result.counterexample ? result.counterexample->operations.size() : 0},
      {"read_seconds", read.count()},
      {"total_seconds", total.count()}};
  fmt::print(out, "{}\n", answer.dump());
  std::fflush(out);
}

std::string read_all(int descriptor) {
  std::string text;
  char buffer[4096];
  for (ssize_t count = 0; (count = ::read(descriptor, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return text;
}

Measurement measure(const std::filesystem::path& file, const Cell& cell, const Options& options) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
  const auto child = ::fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child == 0) {
    ::close(ends[0]);
    const std::string_view model = cell.object == nullptr ? "register" : cell.object->model;
    judge_file(file, model, options, ::fdopen(ends[1], "w"));
    ::_exit(0);
  }
  ::close(ends[1]);
  const auto said = read_all(ends[0]);
  ::close(ends[0]);
  int status = 0;
  struct rusage usage {};
  ::wait4(child, &status, 0, &usage);
  Measurement measurement;
  measurement.cell = cell;
  measurement.peak_mib = static_cast<double>(usage.ru_maxrss) / 1024;
  if (status != 0 || said.empty()) {
    measurement.verdict = "failed";
    return measurement;
  }
  const auto answer = nlohmann::json::parse(said);
  measurement.verdict = answer["verdict"];
  measurement.procedure = answer["procedure"];
  measurement.explained_by = answer["explained_by"];
  measurement.read_seconds = answer["read_seconds"];
  measurement.total_seconds = answer["total_seconds"];
  return measurement;
}

/// How long another checker's command takes for the file.
double time_peer(const std::string& command, const std::filesystem::path& file) {
  auto line = command;
  if (const auto at = line.find("{file}"); at != std::string::npos) {
    line.replace(at, 6, file.string());
  }
  const auto begin = Clock::now();
  [[maybe_unused]] const int status = std::system(line.c_str());
  return Seconds(Clock::now() - begin).count();
}

std::vector<Cell> grid(const Options& options) {
  std::vector<Cell> cells;
  for (const int domain : {0, 5}) {
    for (std::int64_t operations = 1000; operations <= options.max_operations; operations *= 10) {
      for (const int clients : {5, 10, 20, 50, 100}) {
        for (const int crashed : {0, 10, 20, 50}) {
          for (const auto flaw : {Flaw::none, Flaw::stale_read, Flaw::lost_write}) {
            cells.push_back({{operations, clients, crashed, domain, flaw, options.seed}});
          }
        }
      }
    }
  }
  for (const auto& object : bench_objects()) {
    for (std::int64_t operations = 1000; operations <= options.max_operations; operations *= 10) {
      const auto crashed = static_cast<int>(operations * object.crashed_per_mille / 1000);
      for (const auto flaw : {Flaw::none, Flaw::lost_write}) {
        cells.push_back({{operations, 10, crashed, 0, flaw, options.seed}, &object});
      }
    }
  }
  return cells;
}

/// Of what the history is: "unique", "domain5", "queue".
std::string_view values_of(const Cell& cell) {
  if (cell.object != nullptr) return cell.object->name;
  return cell.shape.domain == 0 ? "unique" : "domain5";
}

std::string_view flaw_of(const Cell& cell) {
  if (cell.object == nullptr) return name_of(cell.shape.flaw);
  return cell.is_broken() ? "broken" : "none";
}

std::string name_of(const Cell& cell) {
  const auto& shape = cell.shape;
  return fmt::format("{}/{}/{}/{}/{}", values_of(cell), shape.operations, shape.clients,
                     shape.crashed, flaw_of(cell));
}

void print_row(const Measurement& row, bool with_peer) {
  fmt::print("{:<40} {:<8} {:<16} {:>3} {:>9.3f} {:>9.3f} {:>9.1f}", name_of(row.cell), row.verdict,
             row.procedure, row.explained_by, row.read_seconds, row.total_seconds, row.peak_mib);
  if (with_peer) {
    fmt::print(" {:>9.3f} {:>8.1f}", row.peer_seconds, row.peer_seconds / row.total_seconds);
  }
  fmt::print("\n");
  std::fflush(stdout);
}

nlohmann::json to_json(const Measurement& row) {
  return {{"values", std::string(values_of(row.cell))},
          {"operations", row.cell.shape.operations},
          {"clients", row.cell.shape.clients},
          {"crashed", row.cell.shape.crashed},
          {"flaw", std::string(flaw_of(row.cell))},
          {"verdict", row.verdict},
          {"procedure", row.procedure},
          {"explained_by", row.explained_by},
          {"read_seconds", row.read_seconds},
          {"total_seconds", row.total_seconds},
          {"peak_mib", row.peak_mib},
          {"peer_seconds", row.peer_seconds}};
}

void run(const Options& options) {
  const auto file =
      std::filesystem::temp_directory_path() / fmt::format("sunder-bench-{}.jsonl", ::getpid());
  if (!options.as_json) {
    fmt::print("{:<40} {:<8} {:<16} {:>3} {:>9} {:>9} {:>9}{}\n",
               "values/operations/clients/crashed/flaw", "verdict", "by", "ops", "read s",
               "total s", "peak MiB", options.peer.empty() ? "" : "    peer s    ratio");
  }
  auto cells = nlohmann::json::array();
  std::size_t undecided = 0;
  std::size_t wrong = 0;
  for (const auto& cell : grid(options)) {
    if (name_of(cell).find(options.only) == std::string::npos) continue;
    if (cell.object == nullptr) {
      write_history(file, cell.shape);
    } else {
      write_object_history(file, *cell.object, cell.shape.operations, cell.shape.clients,
                           cell.is_broken(), cell.shape.seed);
    }
    auto row = measure(file, cell, options);
    if (!options.peer.empty()) row.peer_seconds = time_peer(options.peer, file);
    const bool is_decided = row.verdict == "valid" || row.verdict == "invalid";
    undecided += is_decided ? 0 : 1;
    wrong += is_decided && row.verdict != (cell.is_broken() ? "invalid" : "valid") ? 1 : 0;
    cells.push_back(to_json(row));
    if (!options.as_json) print_row(row, !options.peer.empty());
  }
  std::filesystem::remove(file);
  if (options.as_json) {
    fmt::print("{}\n", nlohmann::json{{"benchmark", "checker"}, {"cells", cells}}.dump(1));
  } else {
    fmt::print("{} cells, {} undecided, {} wrong\n", cells.size(), undecided, wrong);
  }
  if (wrong != 0) throw std::runtime_error("a verdict is not what the history was made to be");
}

int main_of(int argc, char** argv) {
  cxxopts::Options flags("checker_bench", "The checker over a grid of generated histories.");
  flags.add_options()("json", "one JSON object instead of a table")(
      "max-operations", "largest history",
      cxxopts::value<std::int64_t>()->default_value("1000000"))(
      "timeout", "seconds for a cell", cxxopts::value<int>()->default_value("10"))(
      "memory", "MiB for a cell's search", cxxopts::value<std::size_t>()->default_value("1024"))(
      "threads", "threads for a cell", cxxopts::value<unsigned>()->default_value("1"))(
      "seed", "of the histories", cxxopts::value<std::uint64_t>()->default_value("1"))(
      "only", "cells whose name contains this, as unique/1000000",
      cxxopts::value<std::string>()->default_value(""))(
      "peer", "another checker to time on the same files: 'command {file}'",
      cxxopts::value<std::string>()->default_value(""))("recorder",
                                                        "only what the in-process recorder costs")(
      "formats", "only how fast histories of each format are read")("help", "this text");
  try {
    const auto given = flags.parse(argc, argv);
    if (given.count("help") != 0) {
      fmt::print("{}", flags.help());
      return 0;
    }
    if (given.count("recorder") != 0) {
      for (const int threads : {1, 2, 4}) {
        fmt::print("recorder, {} threads: {:.1f} ns a call\n", threads,
                   recorder_nanoseconds(threads));
      }
      return 0;
    }
    if (given.count("formats") != 0) {
      FormatsOptions formats;
      formats.seed = given["seed"].as<std::uint64_t>();
      formats.threads = given["threads"].as<unsigned>();
      formats.only = given["only"].as<std::string>();
      run_formats(formats);
      return 0;
    }
    Options options;
    options.max_operations = given["max-operations"].as<std::int64_t>();
    options.timeout = std::chrono::seconds(given["timeout"].as<int>());
    options.memory_bytes = given["memory"].as<std::size_t>() << 20;
    options.threads = given["threads"].as<unsigned>();
    options.seed = given["seed"].as<std::uint64_t>();
    options.as_json = given.count("json") != 0;
    options.only = given["only"].as<std::string>();
    options.peer = given["peer"].as<std::string>();
    run(options);
    if (!options.as_json && options.only.empty() && options.peer.empty()) {
      run_formats({options.seed, options.threads, ""});
    }
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "checker_bench: {}\n", error.what());
    return 254;
  }
}

}  // namespace
}  // namespace sunder::checker::bench

int main(int argc, char** argv) {
  return sunder::checker::bench::main_of(argc, argv);
}
