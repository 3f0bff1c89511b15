#include "checker/history/merge.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/history/process_names.h"

namespace sunder::history {

namespace {

/// From the first invocation to the last return of an operation of one process.
struct Span {
  Time from;
  Time until;
  std::size_t file;
};

using Spans = std::map<ProcessId, std::vector<Span>>;

void require_times(const FileEvents& file, bool is_one_of_several) {
  for (const auto& [event, line] : file.events) {
    if (event.has_time) continue;
    throw AssumptionBroken(
        {file.name, line},
        is_one_of_several ? "has no time: several files are merged by their times. If they are "
                            "parts of one history, join them: cat FIRST SECOND | sunder "
                            "check -"
                          : "has no time: --order time needs one for each event");
  }
}

void require_own_order(const FileEvents& file) {
  OperationBuilder builder(file.name);
  for (const auto& [event, line] : file.events) {
    Event copy = event;  // from which the builder may move
    builder.add(copy, line);
  }
  auto history = builder.finish({});
  require_one_order(history);
}

void add_spans(const FileEvents& file, std::size_t number, Spans& spans) {
  std::map<ProcessId, Time> open;
  for (const auto& [event, line] : file.events) {
    if (event.process == ProcessId::nemesis) continue;
    const auto invoked = open.find(event.process);
    if (event.type == EventType::invoke) {
      open[event.process] = event.time;
    } else if (invoked != open.end() && event.type != EventType::info) {
      spans[event.process].push_back({invoked->second, event.time, number});
      open.erase(invoked);
    }
  }
  // What was never answered may go on for ever.
  for (const auto& [process, from] : open) spans[process].push_back({from, Time::max(), number});
}

bool is_in_several_files(const std::vector<Span>& spans) {
  return std::any_of(spans.begin(), spans.end(),
                     [&](const Span& span) { return span.file != spans.front().file; });
}

bool overlaps_between_files(std::vector<Span>& spans) {
  std::sort(spans.begin(), spans.end(),
            [](const Span& left, const Span& right) { return left.from < right.from; });
  std::map<std::size_t, Time> ends;  // by file
  for (const auto& span : spans) {
    for (const auto& [file, end] : ends) {
      if (file != span.file && span.from < end) return true;
    }
    auto& end = ends.try_emplace(span.file, Time::min()).first->second;
    end = std::max(end, span.until);
  }
  return false;
}

/// Gives each process of a later file whose number is taken a new number. Returns "process 0 of
/// client-2.jsonl is 3" of each.
std::vector<std::string> renumber(std::vector<FileEvents>& files, const Spans& spans) {
  std::int64_t next = static_cast<std::int64_t>(spans.rbegin()->first) + 1;
  std::set<ProcessId> taken;
  std::vector<std::string> renumbered;
  for (auto& file : files) {
    std::map<ProcessId, ProcessId> numbers;
    for (auto& [event, line] : file.events) {
      if (event.process == ProcessId::nemesis) continue;
      const auto known = numbers.find(event.process);
      if (known != numbers.end()) {
        event.process = known->second;
        continue;
      }
      const auto number = taken.contains(event.process) ? ProcessId{next++} : event.process;
      if (number != event.process) {
        renumbered.push_back(fmt::format("process {} of {} is {}",
                                         static_cast<std::int64_t>(event.process), file.name,
                                         static_cast<std::int64_t>(number)));
      }
      numbers[event.process] = number;
      event.process = number;
    }
    for (const auto& [theirs, ours] : numbers) taken.insert(ours);
  }
  return renumbered;
}

/// Decides which processes of different files are one client. What it assumed goes into
/// `assumptions`.
void tell_processes_apart(std::vector<FileEvents>& files, std::vector<std::string>& assumptions) {
  Spans spans;
  for (std::size_t file = 0; file < files.size(); ++file) add_spans(files[file], file, spans);
  std::vector<std::string> shared;
  std::optional<ProcessId> overlapping;
  for (auto& [process, of_process] : spans) {
    if (!is_in_several_files(of_process)) continue;
    shared.push_back(fmt::format("{}", static_cast<std::int64_t>(process)));
    if (!overlapping && overlaps_between_files(of_process)) overlapping = process;
  }
  if (overlapping) {
    assumptions.push_back(
        fmt::format("processes of different files are different clients, because operations of "
                    "process {} overlap: {}",
                    static_cast<std::int64_t>(*overlapping), shortened(renumber(files, spans))));
  } else if (!shared.empty()) {
    assumptions.push_back(
        fmt::format("process {} of several files is one client, because its operations in them "
                    "never overlap",
                    shortened(shared)));
  }
}

/// An event of the nemesis that several files have is one event.
bool is_told_again(const Event& event, std::size_t file,
                   std::map<std::string, std::size_t>& first_files) {
  if (event.process != ProcessId::nemesis) return false;
  const auto text = fmt::format("{} {} {} {}", event.time.count(), name_of(event.type), event.f,
                                to_json(event.value));
  return first_files.try_emplace(text, file).first->second != file;
}

std::vector<LinedEvent> joined(std::vector<FileEvents>& files) {
  if (files.size() == 1) return std::move(files.front().events);
  std::vector<LinedEvent> events;
  std::map<std::string, std::size_t> first_files;
  for (std::size_t file = 0; file < files.size(); ++file) {
    for (auto& [event, line] : files[file].events) {
      if (is_told_again(event, file, first_files)) continue;
      events.emplace_back(std::move(event), line_in_file(file, line));
    }
    files[file].events = {};
  }
  return events;
}

}  // namespace

History merge_by_time(std::vector<FileEvents> files, EventOrder order, checker::Budget& budget) {
  const bool are_several = files.size() > 1;
  if (are_several && order == EventOrder::lines) {
    throw AssumptionBroken({files[1].name},
                           "--order lines says nothing of the lines of several files: leave it "
                           "out, or join them in their order: cat FIRST SECOND | sunder check -");
  }
  std::vector<std::string> names;
  std::vector<std::string> warnings;
  std::vector<std::string> assumptions;
  bool is_of_jepsen = false;
  bool clients_are_known = true;
  for (const auto& file : files) {
    require_times(file, are_several);
    if (order == EventOrder::checked && file.assumptions.empty()) require_own_order(file);
    names.push_back(file.name);
    warnings.insert(warnings.end(), file.warnings.begin(), file.warnings.end());
    is_of_jepsen = is_of_jepsen || file.is_of_jepsen;
    clients_are_known = clients_are_known && file.clients_are_known;
    for (const auto& each : file.assumptions) {
      const bool is_new =
          std::find(assumptions.begin(), assumptions.end(), each) == assumptions.end();
      if (is_new) assumptions.push_back(each);
    }
  }
  if (are_several) {
    assumptions.push_back(fmt::format(
        "the events of {} files are merged by their times, and the clocks agree", files.size()));
    tell_processes_apart(files, assumptions);
  } else if (assumptions.empty()) {
    assumptions.emplace_back("the events happened in the order of their times");
  }
  auto events = joined(files);
  budget.expect(2 * events.size() * sizeof(LinedEvent));
  sort_by_time(events);
  const TouchingOperations touching(events);
  OperationBuilder builder(fmt::format("{}", fmt::join(names, ", ")),
                           are_several ? names : std::vector<std::string>());
  builder.reserve(events.size() / 2 + 1);
  for (auto& [event, line] : events) {
    budget.spend();
    event.index = 0;
    builder.add(event, line);
  }
  auto history = builder.finish(std::move(warnings));
  touching.overlap(history);
  history.nil_reads_are_unknown = is_of_jepsen;
  history.clients_are_known = clients_are_known;
  history.assumptions = std::move(assumptions);
  return history;
}

}  // namespace sunder::history
