#include "checker/raft/client_commands.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sunder::checker::raft {

namespace {

/// Between the record that a node has committed an entry and the one that it has applied it. It
/// writes to its disk between the two.
constexpr std::chrono::seconds longest_step{1};

std::string what_was_asked(const history::Operation& operation) {
  std::string asked = operation.f;
  if (!operation.argument.is_nil()) {
    asked += fmt::format(" of {}", history::to_json(operation.argument));
  }
  if (!operation.key.empty()) asked += fmt::format(" to key \"{}\"", operation.key);
  return asked;
}

}  // namespace

void ClientCommands::heard(std::span<const history::Operation> operations,
                           std::optional<Index> caught_up_to) {
  caught_up_to_ = caught_up_to;
  for (const auto& operation : operations) {
    const auto* said = operation.answer.get();
    if (said != nullptr && said->command) answered_.insert(*said->command);
    const bool is_named = said != nullptr && said->revision && said->term && said->command;
    if (!is_named) {
      const bool may_be_taken =
          operation.f != "read" && operation.outcome == history::Outcome::info;
      if (may_be_taken) ++unanswered_;
      continue;
    }
    const EntryKey entry{{static_cast<std::uint64_t>(*said->revision)},
                         {static_cast<std::uint64_t>(*said->term)}};
    const bool is_ok = operation.outcome == history::Outcome::ok;
    answers_.push_back(
        {fmt::format("the {} by client {} was answered {} by {} as entry {} of term {}",
                     what_was_asked(operation), static_cast<std::int64_t>(operation.process),
                     is_ok ? "ok" : "with a refusal", said->node, entry.index.value,
                     entry.term.value),
         said->node, operation.returned_at, entry, *said->command, is_ok});
  }
}

void ClientCommands::observe(const trace::Record& record, const NodeState& state) {
  if (trace::is_of_a_witness(record.event)) return;
  note_internal_entry(record, state);
  auto& node = nodes_[record.node];
  node.end = record.time;
  if (const auto* applied = std::get_if<trace::Applied>(&record.event)) {
    Index index = applied->first;
    for (const auto& entry : applied->entries) {
      applied_.try_emplace(index.value, Applied{entry, {record.time, record.node, record.term}});
      node.applied = std::max(node.applied, index);
      index = index.next();
    }
  } else if (const auto* installed = std::get_if<trace::SnapshotInstalled>(&record.event)) {
    node.applied = std::max(node.applied, installed->last);
  } else if (const auto* committed = std::get_if<trace::Committed>(&record.event)) {
    const bool is_further = node.commits.empty() || committed->last > node.commits.back().second;
    if (is_further) node.commits.emplace_back(record.time, committed->last);
  } else if (const auto* configuration = std::get_if<trace::Configuration>(&record.event)) {
    const bool is_latest = !latest_ || configuration->index >= latest_->index;
    if (is_latest && !configuration->voters.empty()) latest_ = *configuration;
  }
}

/// The first entry of a leader and the configurations come from no client.
void ClientCommands::note_internal_entry(const trace::Record& record, const NodeState& state) {
  if (std::holds_alternative<trace::BecameLeader>(record.event)) {
    elected_.insert(record.node);
  } else if (const auto* appended = std::get_if<trace::Appended>(&record.event)) {
    if (elected_.erase(record.node) == 0 || appended->entries.empty()) return;
    internal_.insert({appended->first, appended->entries.front().term});
  } else if (const auto* configuration = std::get_if<trace::Configuration>(&record.event)) {
    const auto term = state.log().term(configuration->index);
    if (term) internal_.insert({configuration->index, *term});
  } else if (std::holds_alternative<trace::Started>(record.event)) {
    elected_.erase(record.node);
  }
}

void ClientCommands::finish(const Gaps& gaps) {
  if (!gaps.is_whole(Witness::traces)) return;
  for (const auto& answer : answers_) check(answer);
  if (gaps.is_whole(Witness::history)) check_origins();
}

bool ClientCommands::Progress::includes(Index index) const {
  if (index <= applied) return true;
  const auto commit =
      std::lower_bound(commits.begin(), commits.end(), index,
                       [](const auto& each, Index wanted) { return each.second < wanted; });
  return commit != commits.end() && end - commit->first <= longest_step;
}

void ClientCommands::check(const Answer& answer) {
  const auto index = answer.entry.index;
  const TraceEvidence answered{answer.time, answer.node, answer.entry.term.value, index.value,
                               answer.words};
  const auto found = applied_.find(index.value);
  if (found == applied_.end()) {
    violate(answer.words + ", but no node applied an entry there", answered, answered);
    return;
  }
  const auto& [entry, sighting] = found->second;
  if (entry != trace::EntryDigest{answer.entry.term, answer.digest}) {
    violate(
        fmt::format("{}, but {} applied another entry there", answer.words, name_of(sighting.node)),
        answered,
        evidence(sighting, index,
                 fmt::format("applied an entry of term {} with digest {:016x}", entry.term.value,
                             entry.digest)));
  } else if (answer.is_ok) {
    check_majority(answer);
  }
}

void ClientCommands::check_majority(const Answer& answer) {
  if (!latest_) return;
  const Voters voters{latest_->voters, latest_->outgoing};
  std::vector<std::string> holders;
  const bool is_safe = voters.have_majority([&](NodeId voter) {
    const auto node = nodes_.find(voter);
    const bool holds = node != nodes_.end() && node->second.includes(answer.entry.index);
    if (holds) holders.push_back(name_of(voter));
    return holds;
  });
  if (is_safe) return;
  if (!caught_up_to_ || *caught_up_to_ < answer.entry.index) {
    return doubt(answer.words + ", and the run ended before a majority had applied it");
  }
  const TraceEvidence answered{answer.time, answer.node, answer.entry.term.value,
                               answer.entry.index.value, answer.words};
  violate(fmt::format("{}, but at the end of the run only {} of {} voters had applied it",
                      answer.words, holders.size(), voters.voters.size()),
          answered, answered);
}

void ClientCommands::check_origins() {
  std::unordered_set<trace::Digest> unnamed;
  for (const auto& [index, applied] : applied_) {
    const auto& [entry, sighting] = applied;
    if (internal_.contains({{index}, entry.term}) || answered_.contains(entry.digest)) continue;
    if (!unnamed.insert(entry.digest).second || unnamed.size() <= unanswered_) continue;
    const auto here =
        evidence(sighting, {index}, fmt::format("applied digest {:016x}", entry.digest));
    violate(
        fmt::format("{} applied entry {} of term {}, which no client asked for: {} applied "
                    "commands are in no answer, and only {} requests had none",
                    name_of(sighting.node), index, entry.term.value, unnamed.size(), unanswered_),
        here, here);
  }
}

std::string ClientCommands::looked_at() const {
  return fmt::format(
      "{} commands were applied at the entry that their answer names, those answered ok by a "
      "majority; the other commands are of {} requests without an answer at most",
      answers_.size(), unanswered_);
}

}  // namespace sunder::checker::raft
