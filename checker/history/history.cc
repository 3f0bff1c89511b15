#include "checker/history/history.h"

#include <memory>

#include "checker/history/brief.h"
#include "checker/history/reserve.h"
#include "checker/invariant.h"

namespace sunder::history {

namespace {

constexpr int bits_of_line = 40;

/// Or nil. Nearly all values are.
bool is_canonical_number(const Value& value) {
  return value.integer() != nullptr || value.is_nil();
}

}  // namespace

std::int64_t line_in_file(std::size_t file, std::int64_t line) {
  return (static_cast<std::int64_t>(file) << bits_of_line) | line;
}

Place History::place_of(Position position) const {
  const auto line = lines.empty() ? position + 1 : lines.at(static_cast<std::size_t>(position));
  if (files.empty()) return {source, line};
  return {files.at(static_cast<std::size_t>(line >> bits_of_line)),
          line & ((std::int64_t{1} << bits_of_line) - 1)};
}

std::string History::line_name(Position position) const {
  const auto place = place_of(position);
  return files.empty() ? fmt::format("line {}", place.line)
                       : fmt::format("line {} of {}", place.line, place.file);
}

OperationBuilder::OperationBuilder(std::string source, std::vector<std::string> files) {
  history_.source = std::move(source);
  history_.files = std::move(files);
}

void OperationBuilder::remember_line(std::int64_t line) {
  auto& lines = history_.lines;
  if (lines.empty() && line == position_ + 1) return;
  if (lines.empty()) {
    for (Position before = 0; before < position_; ++before) lines.push_back(before + 1);
  }
  lines.push_back(line);
}

void OperationBuilder::refuse(const std::string& message) const {
  throw AssumptionBroken(history_.place_of(position_), printable_line(message));
}

void OperationBuilder::add(Event& event, std::int64_t line) {
  remember_line(line);
  // 0 may be the index of an event that has none.
  if (event.index > 0 && event.index < greatest_index_ && !history_.index_goes_back) {
    history_.index_goes_back = position_;
  }
  greatest_index_ = std::max(greatest_index_, event.index);
  if (event.process == ProcessId::nemesis) {
    event.index = position_;
    history_.faults.push_back(std::move(event));
    event = {};
  } else {
    if (!is_canonical_number(event.value)) {
      if (auto name = canonicalize(event.value); !name.empty()) {
        refuse(fmt::format("an object has the name \"{}\" twice", name));
      }
    }
    auto& process = processes_[static_cast<std::int64_t>(event.process)];
    if (event.type == EventType::invoke) {
      invoke(event, process);
    } else {
      complete(event, process);
    }
  }
  ++position_;
}

void OperationBuilder::note_time(Time time) {
  if (time < latest_time_ && !history_.time_goes_back) history_.time_goes_back = position_;
  latest_time_ = std::max(latest_time_, time);
}

void OperationBuilder::invoke(Event& event, Process& process) {
  const auto id = static_cast<std::int64_t>(event.process);
  if (process.phase == Process::Phase::open) {
    const auto& open = history_.operations[process.operation];
    refuse(
        fmt::format("process {} invokes {} while its {} of {} is still open: a process has "
                    "one operation at a time",
                    id, event.f, open.f, history_.line_name(open.invoked)));
  }
  if (process.phase == Process::Phase::retired) {
    const auto& last = history_.operations[process.operation];
    refuse(
        fmt::format("process {} is used again after the info of its {} of {}: that "
                    "operation may still happen, so a new process must go on",
                    id, last.f, history_.line_name(last.invoked)));
  }
  process = {Process::Phase::open, history_.operations.size()};
  auto& operation = history_.operations.emplace_back();
  operation.process = event.process;
  operation.f = functions_.of(event.f);
  operation.key = keys_.of(event.key);
  operation.argument = std::move(event.value);
  operation.invoked = position_;
  operation.invoked_at = event.time;
  note_time(event.time);
}

void OperationBuilder::complete(Event& event, Process& process) {
  if (process.phase != Process::Phase::open) {
    refuse(
        fmt::format("{} of {} by process {}, which has nothing open: every completion needs its "
                    "invocation before it",
                    name_of(event.type), event.f, static_cast<std::int64_t>(event.process)));
  }
  auto& operation = history_.operations[process.operation];
  if (event.type == EventType::fail) {
    operation.refused = is_refused(event);
    event.answer = answer_of(event);
  }
  if (event.answer) {
    operation.answer = std::make_shared<const Answer>(std::move(*event.answer));
    event.answer.reset();
  }
  if (operation.f != event.f || operation.key != event.key) {
    refuse(fmt::format("completes {} of key {}, but process {} invoked {} of key {} on {}", event.f,
                       brief_text(event.key), static_cast<std::int64_t>(event.process), operation.f,
                       brief_text(operation.key), history_.line_name(operation.invoked)));
  }
  if (!event.error.empty()) count_error(history_.errors, event.error);
  operation.returned_at = event.time;
  note_time(event.time);
  if (event.type == EventType::info) {
    process.phase = Process::Phase::retired;
    return;
  }
  process.phase = Process::Phase::idle;
  operation.returned = position_;
  if (event.type == EventType::ok) {
    operation.outcome = Outcome::ok;
    if (event.value == operation.argument) {
      operation.result = operation.argument;  // which shares what it holds
    } else {
      operation.result = std::move(event.value);
    }
  } else {
    operation.outcome = Outcome::fail;
  }
}

void OperationBuilder::reserve(std::size_t operations) {
  reserve_in_huge_pages(history_.operations, operations);
}

History OperationBuilder::finish(std::vector<std::string> warnings) {
  history_.warnings = std::move(warnings);
  for (auto& operation : history_.operations) {
    if (is_refusal(operation)) {
      operation.result = *operation.answer->found;
    } else if (operation.outcome != Outcome::ok) {
      operation.result = operation.argument;
    }
  }
  return std::move(history_);
}

}  // namespace sunder::history
