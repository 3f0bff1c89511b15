#pragma once
// For the tests of the mutants: parts with one mistake, and storage and clients that record their
// calls.

#include <string>
#include <utility>
#include <vector>

#include "node/mutants/mutant.h"

namespace sunder {

struct Mutated {
  explicit Mutated(std::string_view id)
      : parts(parts_with(find_mutant(id), [this] { ++reached; })) {}
  Mutated(const Mutated&) = delete;
  Mutated& operator=(const Mutated&) = delete;

  int reached = 0;
  Parts parts;
};

using Calls = std::vector<std::string>;

class RecordedStorage : public Storage {
 public:
  explicit RecordedStorage(Calls& calls) : calls_(calls) {}

  void save(const raft::HardState& state) override {
    calls_.push_back("term " + std::to_string(state.term.value) + " vote " +
                     std::to_string(state.voted_for.value_or(NodeId{0}).value));
  }
  void append(const std::vector<raft::EntryPtr>& entries) override {
    calls_.push_back("append " + std::to_string(entries.front()->position.index.value) + " to " +
                     std::to_string(entries.back()->position.index.value));
  }
  void save(const raft::SnapshotPtr&, bool keeps_log) override {
    calls_.push_back(keeps_log ? "snapshot" : "snapshot instead of the log");
  }
  void begin_writing(MakeSnapshot make) override { writing_ = make(); }
  raft::SnapshotPtr take_written() override { return std::exchange(writing_, nullptr); }
  void write() override { calls_.push_back("write"); }
  void sync() override { calls_.push_back("sync"); }

 private:
  Calls& calls_;
  raft::SnapshotPtr writing_;
};

class RecordedClients : public Clients {
 public:
  void answer(Connection connection, const client_protocol::Reply& reply) override {
    answers.emplace_back(connection, reply);
  }
  std::vector<std::pair<Connection, client_protocol::Reply>> answers;
};

inline raft::EntryPtr command_at(std::uint64_t term, std::uint64_t index, std::string data = "") {
  return raft::make_entry({Term{term}, Index{index}}, raft::EntryType::command, std::move(data));
}

/// A log with one command for each term, after an edge.
inline raft::Log log_with(const std::vector<std::uint64_t>& terms, raft::LogPosition edge = {}) {
  raft::Log log(edge, {});
  for (const auto term : terms) log.append(command_at(term, log.last().index.next().value));
  return log;
}

inline raft::LogPosition at(std::uint64_t term, std::uint64_t index) {
  return {Term{term}, Index{index}};
}

}  // namespace sunder
