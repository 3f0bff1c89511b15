#include "checker/history/process_names.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sunder::history {

namespace {

std::optional<std::int64_t> number_in(std::string_view digits) {
  std::int64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, number);
  return read.ptr == end && read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

}  // namespace

ProcessId ProcessNames::process_of(const Value& value) {
  if (const auto* number = value.integer()) return numbered(*number);
  if (const auto* text = value.text()) return named(*text);
  constexpr double most = 9e15;
  const auto* real = value.real();  // 1.0, as programs write it that have one kind of number
  if (real != nullptr && std::abs(*real) < most && *real == std::trunc(*real)) {
    return numbered(static_cast<std::int64_t>(*real));
  }
  throw ProcessError{
      "the process must be a number from 0 on, the name of a client, or \"nemesis\""};
}

void ProcessNames::require_none_unnamed() const {
  if (!are_unnamed()) return;
  throw ProcessError{"the event names a process, and events before it name none"};
}

ProcessId ProcessNames::numbered(std::int64_t number) {
  require_none_unnamed();
  if (number < 0) {
    throw ProcessError{fmt::format(
        "the process is {}: it must be a number from 0 on, the name of a client, or \"nemesis\"",
        number)};
  }
  if (has_names()) {
    throw ProcessError{fmt::format(
        "the process is the number {}, and processes before it have names ({}): name all of them "
        "or number all of them",
        number, shortened(said_))};
  }
  has_numbers_ = true;
  return ProcessId{number};
}

ProcessId ProcessNames::named(std::string_view name) {
  if (is_name_of_nemesis(name)) return ProcessId::nemesis;
  require_none_unnamed();
  if (name.starts_with(':')) name.remove_prefix(1);
  if (name.empty()) throw ProcessError{"the process has an empty name"};
  const auto known = names_.find(name);
  if (known != names_.end() && known->second != ProcessId::nemesis) return known->second;
  if (known == names_.end()) {
    if (const auto number = number_in(name)) return numbered(*number);
    if (has_numbers_) {
      throw ProcessError{fmt::format(
          "the process has the name \"{}\", and processes before it have numbers: name all of them "
          "or number all of them; the nemesis is called \"nemesis\"",
          name)};
    }
    said_.push_back(fmt::format("{} is process {}", name, numbers_.size()));
  }
  renewed_ = renewed_ || known != names_.end();
  auto& number = names_[std::string(name)];
  number = ProcessId{static_cast<std::int64_t>(numbers_.size())};
  numbers_.push_back(&number);
  return number;
}

ProcessId ProcessNames::unnamed(EventType type) {
  if (has_numbers_ || has_names()) {
    throw ProcessError{"the process is missing, and events before it name theirs"};
  }
  if (type != EventType::invoke) {
    unnamed_is_open_ = false;
    return ProcessId{std::max<std::int64_t>(unnamed_, 1) - 1};
  }
  if (unnamed_is_open_) {
    throw ProcessError{
        "the process is missing, and the operation before this one is still open: only processes "
        "tell which of them a completion belongs to. If another field names them: --map "
        "process=THEIRS"};
  }
  unnamed_is_open_ = true;
  return ProcessId{unnamed_++};
}

void ProcessNames::retire(ProcessId process) {
  if (!has_names() || process == ProcessId::nemesis) return;
  // Its name gets another number when it goes on, if it does.
  *numbers_[static_cast<std::size_t>(process)] = ProcessId::nemesis;
}

std::vector<std::string> ProcessNames::assumptions() const {
  std::vector<std::string> all;
  if (has_names()) all.push_back(fmt::format("processes are named; {}", shortened(said_)));
  if (are_unnamed()) {
    all.emplace_back("no event names a process, so each operation is of a client of its own");
  }
  if (renewed_) {
    all.emplace_back(
        "a client that goes on after an operation that may still happen is a new process");
  }
  return all;
}

bool is_name_of_nemesis(std::string_view name) {
  if (name.starts_with(':')) name.remove_prefix(1);
  return name.starts_with("nemesis");
}

std::string shortened(std::vector<std::string> all) {
  constexpr std::size_t most = 4;
  const auto more = all.size() > most ? all.size() - most : 0;
  all.resize(all.size() - more);
  return fmt::format("{}{}", fmt::join(all, ", "),
                     more > 0 ? fmt::format(" and {} more", more) : std::string());
}

}  // namespace sunder::history
