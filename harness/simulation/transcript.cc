#include "harness/simulation/transcript.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/history/run_event.h"

namespace sunder::harness::simulation {
namespace {

std::string names_of(const std::vector<NodeId>& nodes) {
  std::vector<std::string> names;
  for (const auto node : nodes) names.push_back(name_of(node));
  return fmt::format("{}", fmt::join(names, " "));
}

/// Of an event that is worth a line; else empty.
struct Sentence {
  NodeId node;
  Term term;

  std::string operator()(const trace::Started& event) const {
    return fmt::format("starts in term {}, its log ends at {}", term.value,
                       event.edge.value + event.entries.size());
  }
  std::string operator()(const trace::BecameCandidate&) const {
    return fmt::format("stands for election in term {}", term.value);
  }
  std::string operator()(const trace::VoteGranted& event) const {
    if (event.candidate == node) return {};
    return fmt::format("votes for {} in term {}", name_of(event.candidate), term.value);
  }
  std::string operator()(const trace::BecameLeader& event) const {
    return fmt::format("leads term {}, its log ends at {}", term.value, event.last.value);
  }
  std::string operator()(const trace::Truncated& event) const {
    return fmt::format("removes its log from {} on", event.first.value);
  }
  std::string operator()(const trace::SnapshotInstalled& event) const {
    return fmt::format("takes over a snapshot up to {}", event.last.value);
  }
  std::string operator()(const trace::Configuration& event) const {
    if (event.index.value == 0) return {};
    auto text = fmt::format("goes by the voters {}", names_of(event.voters));
    if (!event.outgoing.empty()) text += fmt::format(", still with {}", names_of(event.outgoing));
    return text;
  }
  std::string operator()(const trace::MutantReached& event) const {
    return fmt::format("makes the mistake {}", event.mutant);
  }
  template <typename Other>
  std::string operator()(const Other&) const {
    return {};
  }
};

/// What the nemesis did with the fault that the rest of the event describes, or what became of a
/// node.
std::string deed_of(const history::RunEvent& event) {
  switch (history::phase_of(event)) {
    case history::FaultPhase::injected:
      return "fault:";
    case history::FaultPhase::healed:
      return "heals";
    case history::FaultPhase::skipped:
      return "skips";
    default:
      return history::name_of(event);
  }
}

}  // namespace

Transcript::Transcript(const std::filesystem::path& path) : file_(path) {
  if (!file_) throw std::runtime_error(fmt::format("{}: cannot be written", path.string()));
}

void Transcript::heard(const trace::Record& record) {
  if (const auto* committed = std::get_if<trace::Committed>(&record.event)) {
    committed_ = std::max(committed_, committed->last);
  }
  const auto sentence = std::visit(Sentence{record.node, record.term}, record.event);
  if (!sentence.empty()) line(record.time, fmt::format("{} {}", name_of(record.node), sentence));
}

void Transcript::happened(const history::Event& event) {
  if (event.process != history::ProcessId::nemesis) return;
  auto text = deed_of(history::run_event_of(event));
  for (const auto* member :
       {"kind", "shape", "change", "direction", "types", "targets", "node", "how", "because"}) {
    const auto* value = event.value.member(member);
    if (value != nullptr) text += fmt::format(" {}", history::to_json(*value));
  }
  std::erase(text, '"');
  line(event.time, text);
}

void Transcript::line(history::Time time, std::string_view text) {
  if (committed_ > told_) {
    file_ << fmt::format("{:>10}  ... committed up to {}\n", "", committed_.value);
    told_ = committed_;
  }
  file_ << fmt::format("{:>8.4f} s  {}\n", history::seconds_of(time), text);
}

}  // namespace sunder::harness::simulation
