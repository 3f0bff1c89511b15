#include "harness/run/trace_observation.h"

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

/// Notes where log and commit index are now, for the events that the whole line must be read for.
void note_positions(const trace::Event& event, nemesis::Observation& observation) {
  if (const auto* started = std::get_if<trace::Started>(&event)) {
    observation.log_end = started->edge.value + started->entries.size();
    observation.commit_index = started->edge.value;
  } else if (const auto* appended = std::get_if<trace::Appended>(&event)) {
    observation.log_end = appended->first.value + appended->entries.size() - 1;
  } else if (const auto* truncated = std::get_if<trace::Truncated>(&event)) {
    observation.log_end = truncated->first.value - 1;
  } else if (const auto* installed = std::get_if<trace::SnapshotInstalled>(&event)) {
    if (!installed->kept_suffix) observation.log_end = installed->last.value;
    observation.commit_index = installed->last.value;
  } else if (const auto* committed = std::get_if<trace::Committed>(&event)) {
    observation.commit_index = committed->last.value;
  }
}

bool has_positions(nemesis::NodeEvent event) {
  using nemesis::NodeEvent;
  return event == NodeEvent::started || event == NodeEvent::appended ||
         event == NodeEvent::truncated || event == NodeEvent::snapshot_installed ||
         event == NodeEvent::committed;
}

}  // namespace

std::optional<nemesis::Observation> observe(NodeId node, std::string_view line) {
  const auto event = nemesis::node_event_names().find(field(line, "\"event\":\"", '"'));
  if (!event) return std::nullopt;
  if (*event == nemesis::NodeEvent::vote_granted &&
      number(field(line, "\"candidate\":", '}')) == static_cast<std::uint64_t>(node.value)) {
    return std::nullopt;
  }
  nemesis::Observation observation{node, number(field(line, "\"term\":", ',')), *event};
  observation.time = std::chrono::nanoseconds(number(field(line, "\"time\":", ',')));
  if (has_positions(*event)) note_positions(trace::parse_json_line(line).event, observation);
  return observation;
}

std::optional<nemesis::Observation> observe(const trace::Record& record) {
  const auto event = nemesis::node_event_names().find(trace::name_of(record.event));
  if (!event) return std::nullopt;
  const auto* vote = std::get_if<trace::VoteGranted>(&record.event);
  if (vote != nullptr && vote->candidate == record.node) return std::nullopt;
  nemesis::Observation observation{record.node, record.term.value, *event};
  observation.time = record.time;
  note_positions(record.event, observation);
  return observation;
}

}  // namespace sunder::harness
