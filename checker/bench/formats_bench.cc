#include "checker/bench/formats_bench.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include "checker/bench/apart_bench.h"
#include "checker/bench/generator_bench.h"
#include "checker/history/read.h"
#include "checker/linearizability/linearizable.h"
#include "checker/models/register.h"

namespace sunder::checker::bench {

namespace {

using history::Event;
using history::EventType;
using history::Value;
using Wall = std::chrono::steady_clock;
using Path = std::filesystem::path;

/// Histories of one size.
struct Group {
  std::int64_t operations;
  std::int64_t keys;
  /// Only forms that are lines of JSON.
  bool lines_only;
};

/// About 100 MB of several keys, and a million operations of one key.
constexpr std::array groups{Group{500'000, 4, false}, Group{1'000'000, 1, true}};

struct Cost {
  bool is_valid = false;
  std::int64_t operations = 0;
  double read_cpu = 0;
  double read = 0;
  double total = 0;
};

double seconds_since(Wall::time_point begin) {
  return std::chrono::duration<double>(Wall::now() - begin).count();
}

/// The history of one key, which each key has with other processes and at other times.
std::vector<Event> events_of_one_key(const FormatsOptions& options, const Group& group,
                                     const Path& file) {
  Shape shape;
  shape.operations = group.operations / group.keys;
  shape.seed = options.seed;
  write_history(file, shape);
  std::vector<Event> events;
  history::read_events(file, history::Format::json_lines,
                       [&](Event& event, std::int64_t) { events.push_back(event); });
  return events;
}

void for_each_event(const std::vector<Event>& of_one_key, std::int64_t keys,
                    const std::function<void(const Event&)>& sink) {
  const auto count = static_cast<std::int64_t>(of_one_key.size());
  constexpr std::int64_t processes_of_a_key = 1'000;
  for (std::int64_t key = 0; key < keys; ++key) {
    for (auto event : of_one_key) {
      event.index += key * count;
      event.time += key * count * std::chrono::nanoseconds(1000);
      event.process =
          history::ProcessId{static_cast<std::int64_t>(event.process) + key * processes_of_a_key};
      event.key = fmt::format("k{}", key);
      sink(event);
    }
  }
}

std::string edn_of(const Value& value) {
  if (value.is_nil()) return "nil";
  const auto* list = value.list();
  if (list == nullptr) return to_json(value);
  std::string out = "[";
  for (const auto& item : *list) out += (out.size() > 1 ? " " : "") + edn_of(item);
  return out + "]";
}

using Writer = std::function<void(std::string& out, const Event& event)>;

void write_foreign(std::string& out, const Event& event) {
  fmt::format_to(
      std::back_inserter(out),
      R"({{"type": "{}", "process": {}, "f": "{}", "key": "{}", "value": {}, "time": {}, "index": {}}})"
      "\n",
      name_of(event.type), static_cast<std::int64_t>(event.process), event.f, event.key,
      to_json(event.value), event.time.count(), event.index);
}

void write_element(std::string& out, const Event& event) {
  out += event.index == 0 ? "[" : ",";
  write_foreign(out, event);
}

void write_edn(std::string& out, const Event& event) {
  fmt::format_to(std::back_inserter(out),
                 "{{:type :{}, :f :{}, :value [{} {}], :process {}, :time {}, :index {}}}\n",
                 name_of(event.type), event.f, event.key, edn_of(event.value),
                 static_cast<std::int64_t>(event.process), event.time.count(), event.index);
}

void write_log(std::string& out, const Event& event) {
  fmt::format_to(std::back_inserter(out),
                 "2026-01-02 03:04:05,{:03}{{GMT}}\tINFO\t[jepsen worker {}] jepsen.util: "
                 "{}\t:{}\t:{}\t[{} {}]\n",
                 event.index % 1000, static_cast<std::int64_t>(event.process) % 10,
                 static_cast<std::int64_t>(event.process), name_of(event.type), event.f, event.key,
                 edn_of(event.value));
}

/// A record stands where its operation ends.
Writer record_writer() {
  return [invoked = std::map<history::ProcessId, Event>()](std::string& out,
                                                           const Event& event) mutable {
    if (event.type == EventType::invoke) {
      invoked[event.process] = event;
      return;
    }
    const auto& value = event.f == "read" ? event.value : invoked[event.process].value;
    fmt::format_to(
        std::back_inserter(out),
        R"({{"process": {}, "f": "{}", "key": "{}", "value": {}, "start": {}, "end": {}, "ok": {}}})"
        "\n",
        static_cast<std::int64_t>(event.process), event.f, event.key, to_json(value),
        invoked[event.process].time.count(), event.time.count(), event.type == EventType::ok);
  };
}

struct Form {
  const char* name;
  std::function<Writer()> writer;
  /// Behind the last event.
  const char* end = "";
  bool is_packed = false;
  bool is_lines = false;
};

std::vector<Form> forms() {
  const auto own = [] { return Writer(history::append_json_line); };
  return {{"own lines", own, "", false, true},
          {"own lines, gzip", own, "", true},
          {"foreign lines", [] { return Writer(write_foreign); }, "", false, true},
          {"JSON array", [] { return Writer(write_element); }, "]\n"},
          {"JSON records", record_writer},
          {"EDN", [] { return Writer(write_edn); }},
          {"Jepsen log", [] { return Writer(write_log); }}};
}

/// Returns the bytes of the text. zlib writes plain files too.
std::size_t write_form(const Form& form, const std::vector<Event>& of_one_key, std::int64_t keys,
                       const Path& file) {
  gzFile out = ::gzopen(file.c_str(), form.is_packed ? "wb6" : "wbT");
  if (out == nullptr) throw std::runtime_error("cannot write " + file.string());
  std::size_t bytes = 0;
  std::string text;
  const auto flush = [&] {
    bytes += text.size();
    const auto wanted = static_cast<unsigned>(text.size());
    if (::gzwrite(out, text.data(), wanted) != static_cast<int>(wanted)) {
      throw std::runtime_error("cannot write " + file.string());
    }
    text.clear();
  };
  const auto write = form.writer();
  for_each_event(of_one_key, keys, [&](const Event& event) {
    write(text, event);
    if (text.size() > (1U << 20)) flush();
  });
  text += form.end;
  flush();
  ::gzclose(out);
  return bytes;
}

Cost judge_form(const Path& file, unsigned threads) {
  Cost cost;
  const auto begin = Wall::now();
  const auto cpu_before = cpu_seconds();
  Budget budget;
  history::Interpretation interpretation;
  interpretation.threads = threads;
  const auto history = history::read_foreign_history(file, interpretation, budget);
  cost.read_cpu = cpu_seconds() - cpu_before;
  cost.read = seconds_since(begin);
  LinearizabilityOptions limits;
  limits.threads = threads;
  const auto result = check_linearizability(history, Register{}, limits);
  cost.total = seconds_since(begin);
  cost.is_valid = result.validity == Validity::valid;
  cost.operations = static_cast<std::int64_t>(history.operations.size());
  return cost;
}

/// Prints the row. Whether the history was read as what it is.
bool run_form(const Form& form, const std::vector<Event>& of_one_key, const Group& group,
              const FormatsOptions& options, const Path& file) {
  const auto megabytes = static_cast<double>(write_form(form, of_one_key, group.keys, file)) / 1e6;
  const auto wc = seconds_of_wc(file);
  double peak_mib = 0;
  const auto cost = run_apart<Cost>([&] { return judge_form(file, options.threads); }, peak_mib);
  if (!cost) return false;
  const bool is_right = cost->is_valid && cost->operations == group.operations;
  fmt::print(
      "{:<16} {:>8} {:>4} {:>6.1f} {:>10.3f} {:>6.0f} {:>7.3f} {:>9.3f} {:>7.3f} {:>10.1f} "
      "{:>9.1f}{}\n",
      form.name, group.operations, group.keys, megabytes, cost->read_cpu,
      megabytes / cost->read_cpu, cost->read, cost->total, wc, cost->total / wc, peak_mib,
      is_right ? "" : "  WRONG");
  std::fflush(stdout);
  return is_right;
}

}  // namespace

void run_formats(const FormatsOptions& options) {
  const auto file =
      std::filesystem::temp_directory_path() / fmt::format("sunder-bench-{}.history", ::getpid());
  fmt::print("{:<16} {:>8} {:>4} {:>6} {:>10} {:>6} {:>7} {:>9} {:>7} {:>10} {:>9}\n", "format",
             "ops", "keys", "MB", "read cpu s", "MB/s", "read s", "verdict s", "wc s", "verdict/wc",
             "peak MiB");
  std::fflush(stdout);
  bool all_right = true;
  for (const auto& group : groups) {
    const auto of_one_key = events_of_one_key(options, group, file);
    for (const auto& form : forms()) {
      const bool is_wanted = std::string(form.name).find(options.only) != std::string::npos;
      if (!is_wanted || (group.lines_only && !form.is_lines)) continue;
      all_right = run_form(form, of_one_key, group, options, file) && all_right;
    }
  }
  std::filesystem::remove(file);
  if (!all_right) throw std::runtime_error("a file of a valid history was not read as one");
}

}  // namespace sunder::checker::bench
