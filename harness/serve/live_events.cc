#include "harness/serve/live_events.h"

#include <charconv>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

#include "results/store/folder_in_use.h"

namespace sunder::harness::serve {
namespace fs = std::filesystem;

namespace {

constexpr const char* history_name = "history";

/// "history=120&n1=77", as `LiveEvents::id` writes it.
std::map<std::string, std::uint64_t> parse_id(std::string_view text) {
  std::map<std::string, std::uint64_t> offsets;
  while (!text.empty()) {
    const auto part = text.substr(0, text.find('&'));
    const auto equals = part.find('=');
    std::uint64_t offset = 0;
    const std::string_view digits = part.substr(equals == part.npos ? part.size() : equals + 1);
    const char* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, offset);
    if (parsed.ec != std::errc{} || parsed.ptr != end) {
      throw std::invalid_argument(fmt::format("'{}' is not the id of an event", text));
    }
    offsets[std::string(part.substr(0, equals))] = offset;
    text.remove_prefix(std::min(part.size() + 1, text.size()));
  }
  return offsets;
}

/// The events that determine the leader. The live page does not show the rest of a trace.
bool is_about_roles(std::string_view line) {
  return line.find(R"("event":"became_)") != std::string_view::npos ||
         line.find(R"("event":"started")") != std::string_view::npos;
}

std::string about_roles(std::string_view lines) {
  std::string chosen;
  while (!lines.empty()) {
    const auto line = lines.substr(0, lines.find('\n') + 1);
    if (is_about_roles(line)) chosen += line;
    lines.remove_prefix(line.size());
  }
  return chosen;
}

}  // namespace

LiveEvents::LiveEvents(const results::RunStore& run, std::string report_address,
                       std::string_view last_id)
    : run_(run), report_address_(std::move(report_address)), known_(parse_id(last_id)) {
  files_.try_emplace(history_name, run_.history_path(), known_[history_name]);
}

std::string LiveEvents::next() {
  // Checked first, so that everything that the run wrote before its end is read afterwards.
  const bool in_progress = results::is_in_use(run_.folder());
  look_for_traces();
  std::string events;
  bool grown = false;
  for (auto& [name, file] : files_) {
    const std::string lines = file.next();
    grown = grown || !lines.empty();
    if (name == history_name) {
      events += event("history", lines);
    } else {
      events += event("trace", about_roles(lines));
    }
  }
  if (grown || in_progress) return events;
  ended_ = true;
  const bool judged = fs::exists(run_.report_path());
  return events + (judged ? fmt::format("event: done\ndata: {}\n\n", report_address_)
                          : "event: cut-off\ndata:\n\n");
}

void LiveEvents::look_for_traces() {
  std::error_code none_yet;
  for (const auto& entry : fs::directory_iterator(run_.folder() / "trace", none_yet)) {
    if (entry.path().extension() != ".jsonl") continue;
    const auto name = entry.path().stem().string();
    if (!files_.contains(name)) files_.try_emplace(name, entry.path(), known_[name]);
  }
}

std::string LiveEvents::id() const {
  std::string id;
  for (const auto& [name, file] : files_) {
    id += fmt::format("{}{}={}", id.empty() ? "" : "&", name, file.offset());
  }
  return id;
}

std::string LiveEvents::event(std::string_view name, std::string_view lines) const {
  if (lines.empty()) return {};
  std::string text = fmt::format("id: {}\nevent: {}\n", id(), name);
  while (!lines.empty()) {
    const auto line = lines.substr(0, lines.find('\n') + 1);
    text += "data: ";
    text += line;
    lines.remove_prefix(line.size());
  }
  return text + '\n';
}

}  // namespace sunder::harness::serve
