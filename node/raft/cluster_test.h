#pragma once
// A few cores for transcripts: every message is delivered, dropped or kept back by hand.

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "node/raft/raft.h"

namespace sunder::raft {

class TestCluster {
 public:
  using Millis = std::chrono::milliseconds;

  /// All of them vote, or those that `options` says.
  explicit TestCluster(int nodes, const Options& options = {}, Rules rules = {},
                       bool all_vote = true)
      : options_(options), rules_(std::move(rules)) {
    for (int number = 1; all_vote && number <= nodes; ++number) {
      options_.initial.voters.insert(NodeId{number});
    }
    for (int number = 1; number <= nodes; ++number) start(number, {});
  }

  /// Anew, with this on its disk.
  void start(int number, const Restored& restored) {
    auto options = options_;
    options.id = NodeId{number};
    options.seed = static_cast<std::uint64_t>(number);
    nodes_.insert_or_assign(number, Raft(options, rules_, restored, now));
    perform(number);
  }

  Raft& operator[](int number) { return nodes_.at(number); }

  /// Takes and performs its outputs; messages wait in `mail`.
  void perform(int number) {
    auto& raft = nodes_.at(number);
    for (auto out = raft.take_output(); !is_empty(out); out = raft.take_output()) {
      for (auto* list : {&out.replication, &out.messages}) {
        for (auto& message : *list) mail.push_back(std::move(message));
      }
      for (const auto& entry : out.committed) {
        if (entry->type == EntryType::command) applied[number].push_back(entry->data);
      }
      answered[number].insert(answered[number].end(), out.reads.begin(), out.reads.end());
      refused[number].insert(refused[number].end(), out.refused_reads.begin(),
                             out.refused_reads.end());
      raft.persisted();
      outputs.push_back(std::move(out));
    }
  }

  void step(int number, const Message& message) {
    nodes_.at(number).step(now, message);
    perform(number);
  }

  using Filter = std::function<bool(const Message&)>;

  /// Delivers what passes and what that leads to; the rest is lost.
  void deliver(const Filter& passes = [](const Message&) { return true; }) {
    while (!mail.empty()) {
      const auto message = mail.front();
      mail.pop_front();
      if (passes(message)) step(static_cast<int>(message.to.value), message);
    }
  }

  /// Its election timer, or heartbeat, is due.
  void expire(int number) {
    now = std::max(now, nodes_.at(number).next_deadline());
    nodes_.at(number).tick(now);
    perform(number);
  }

  /// Lets it win an election in which these nodes hear each other.
  void elect(
      int number, const Filter& passes = [](const Message&) { return true; }) {
    // Nobody shields an earlier leader any more.
    now += Millis(400);
    expire(number);
    deliver(passes);
  }

  /// Takes the mail of one kind to one node out, in order.
  template <typename Kind>
  std::vector<Message> take(int to) {
    std::vector<Message> taken;
    std::deque<Message> rest;
    for (auto& message : mail) {
      const bool fits = message.to == NodeId{to} && std::holds_alternative<Kind>(message.body);
      if (fits) {
        taken.push_back(message);
      } else {
        rest.push_back(message);
      }
    }
    mail = std::move(rest);
    return taken;
  }

  /// The terms of a log, as Figure 7 draws it: "1 1 1 4 4".
  std::string terms_of(int number) {
    std::string text;
    const auto& log = nodes_.at(number).log();
    for (auto index = log.edge().index.next(); index <= log.last().index; index = index.next()) {
      text += (text.empty() ? "" : " ") + std::to_string(log.at(index).position.term.value);
    }
    return text;
  }

  Time now{0};
  std::deque<Message> mail;
  std::vector<Output> outputs;
  std::map<int, std::vector<std::string>> applied;
  std::map<int, std::vector<ReadId>> answered;
  std::map<int, std::vector<ReadId>> refused;

 private:
  Options options_;
  Rules rules_;
  std::map<int, Raft> nodes_;
};

/// A log with one command for each term.
inline Restored log_of(const std::vector<std::uint64_t>& terms, std::uint64_t current_term) {
  Restored restored;
  restored.hard_state.term = Term{current_term};
  Index index{0};
  for (const auto term : terms) {
    index = index.next();
    restored.entries.push_back(
        make_entry({Term{term}, index}, EntryType::command,
                   std::to_string(term) + "." + std::to_string(index.value)));
  }
  return restored;
}

inline TestCluster::Filter only(std::set<int> nodes) {
  return [nodes = std::move(nodes)](const Message& message) {
    return nodes.contains(static_cast<int>(message.from.value)) &&
           nodes.contains(static_cast<int>(message.to.value));
  };
}

}  // namespace sunder::raft
