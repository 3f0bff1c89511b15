#include "harness/observe.h"

#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "node/api/trace.h"

namespace sunder::harness {

namespace {

// What stands between `label` and `end` in a line as trace::to_json_line writes it.
std::string_view field(std::string_view line, std::string_view label, char end) {
  const auto found = line.find(label);
  if (found == std::string_view::npos) {
    throw std::runtime_error("no line of a trace: " + std::string(line.substr(0, 200)));
  }
  const auto from = found + label.size();
  return line.substr(from, line.find(end, from) - from);
}

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<std::uint64_t> log_end(const trace::Event& event) {
  if (const auto* started = std::get_if<trace::Started>(&event)) {
    return started->edge.value + started->entries.size();
  }
  if (const auto* appended = std::get_if<trace::Appended>(&event)) {
    return appended->first.value + appended->entries.size() - 1;
  }
  if (const auto* truncated = std::get_if<trace::Truncated>(&event)) {
    return truncated->first.value - 1;
  }
  if (const auto* installed = std::get_if<trace::SnapshotInstalled>(&event)) {
    if (!installed->kept_suffix) return installed->last.value;
  }
  return std::nullopt;
}

bool may_move_log_end(nemesis::NodeEvent event) {
  using nemesis::NodeEvent;
  return event == NodeEvent::started || event == NodeEvent::appended ||
         event == NodeEvent::truncated || event == NodeEvent::snapshot_installed;
}

}  // namespace

std::optional<nemesis::Observation> observe(nemesis::NodeNumber node, std::string_view line) {
  const auto event = nemesis::node_event_names().find(field(line, "\"event\":\"", '"'));
  if (!event) return std::nullopt;
  if (*event == nemesis::NodeEvent::vote_granted &&
      number(field(line, "\"candidate\":", '}')) == static_cast<std::uint64_t>(node)) {
    return std::nullopt;
  }
  nemesis::Observation observation{node, number(field(line, "\"term\":", ',')), *event};
  observation.time = std::chrono::nanoseconds(number(field(line, "\"time\":", ',')));
  if (may_move_log_end(*event)) observation.log_end = log_end(trace::parse_json_line(line).event);
  return observation;
}

}  // namespace sunder::harness
