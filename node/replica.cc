#include "node/replica.h"

#include <algorithm>
#include <utility>

#include "node/check.h"

namespace sunder {

using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;

Replica::Replica(ReplicaOptions options, raft::Rules rules, const raft::Restored& restored,
                 Ground ground, raft::Time now)
    : options_(std::move(options)),
      raft_(options_.raft, std::move(rules), restored, now),
      ground_(ground),
      administration_(raft_, ground.clients) {
  if (restored.snapshot) {
    ground_.state_machine.restore(restored.snapshot->data);
    snapshot_at_ = restored.snapshot->last.index;
    applied_ = snapshot_at_;
  }
  ground_.trace.record(trace::State{applied_, ground_.state_machine.digest()});
}

void Replica::submit(raft::Time now, Clients::Connection connection, const Request& request) {
  if (only_reads(request)) {
    if (auto reply = ground_.state_machine.reply_alone(request)) {
      reply->index = applied_;
      ground_.clients.answer(connection, *reply);
      return;
    }
    const auto id = next_read_++;
    if (!raft_.read(now, id)) {
      refuse(connection, request.request);
    } else {
      reads_.emplace(id, WaitingRead{connection, request});
    }
    return;
  }
  // The command of an earlier reply is committed, so any node may repeat the reply (thesis 6.3).
  if (const auto* reply = ground_.state_machine.earlier_reply(request)) {
    ground_.clients.answer(connection, *reply);
    return;
  }
  const auto position = raft_.propose(ground_.state_machine.command_for(request));
  if (!position) {
    refuse(connection, request.request);
  } else {
    ground_.proposals.proposed(position->index, connection, request);
  }
}

void Replica::perform() {
  compact_if_written();
  for (auto output = raft_.take_output(); !is_empty(output); output = raft_.take_output()) {
    perform(output);
    raft_.persisted();
    if (!output.committed.empty()) begin_snapshot_if_due(output.committed.back()->position);
  }
  administration_.answer_finished();
}

void Replica::perform(const raft::Output& output) {
  // Term and vote before anything leaves (§5.2, thesis 3.8): a node that forgot them in a crash
  // could vote twice in a term. Before the trace, too: a traced vote is durable even if the node is
  // killed.
  if (output.hard_state) {
    ground_.storage.save(*output.hard_state);
    ground_.storage.sync();
  }
  write_trace(output);
  for (const auto& message : output.replication) ground_.network.send(message);
  persist(output);
  for (const auto& message : output.messages) ground_.network.send(message);
  if (output.lost_leadership) ground_.proposals.leadership_lost(leader_address());
  apply(output);
  answer_reads(output);
}

/// Before any message leaves, so that no other node's trace shows an effect without its cause, and
/// before entries are durable, so that the disk of a killed node has none that its trace lacks. If
/// there is neither, apply() flushes the trace.
void Replica::write_trace(const raft::Output& output) {
  for (const auto& [term, event] : output.events) ground_.trace.record(term, event);
  const bool is_waited_for =
      output.replication.empty() && output.messages.empty() && output.entries.empty();
  if (!is_waited_for) ground_.trace.flush();
}

/// Before the acknowledgements in `messages` (§5.3): an entry that a leader counts must survive the
/// loss of power.
void Replica::persist(const raft::Output& output) {
  if (output.snapshot) ground_.storage.save(output.snapshot, output.keeps_stored_suffix);
  if (output.entries.empty()) return;
  ground_.storage.append(output.entries);
  ground_.storage.sync();
}

void Replica::apply(const raft::Output& output) {
  if (output.snapshot) install(*output.snapshot);
  StateMachine::Replies replies;
  std::span<const raft::EntryPtr> rest = output.committed;
  while (!rest.empty()) {
    const auto applied = rest.front()->position.index.previous().value;
    const auto to_next_state = trace::state_interval - applied % trace::state_interval;
    const auto count = std::min<std::size_t>(rest.size(), to_next_state);
    apply(rest.first(count), replies);
    rest = rest.subspan(count);
  }
  ground_.trace.flush();
  for (const auto& [index, reply] : replies) ground_.proposals.applied(index, reply);
}

void Replica::install(const raft::Snapshot& snapshot) {
  ground_.state_machine.restore(snapshot.data);
  snapshot_at_ = snapshot.last.index;
  is_writing_snapshot_ = false;
  applied_ = snapshot.last.index;
  record_state();
}

void Replica::apply(std::span<const raft::EntryPtr> entries, StateMachine::Replies& replies) {
  for (auto& each : ground_.state_machine.apply(entries)) replies.push_back(std::move(each));
  applied_ = entries.back()->position.index;
  ground_.trace.record(raft_.term(),
                       trace::Applied{entries.front()->position.index, raft::digests_of(entries)});
  if (applied_.value % trace::state_interval == 0) record_state();
}

void Replica::record_state() {
  ground_.trace.record(raft_.term(), trace::State{applied_, ground_.state_machine.digest()});
}

void Replica::answer_reads(const raft::Output& output) {
  for (const auto id : output.reads) {
    const auto read = reads_.extract(id);
    CHECK(!read.empty(), "read {} is answered twice", id);
    auto reply = ground_.state_machine.read(read.mapped().request);
    reply.index = applied_;
    ground_.clients.answer(read.mapped().connection, reply);
  }
  for (const auto id : output.refused_reads) {
    const auto read = reads_.extract(id);
    CHECK(!read.empty(), "read {} is answered twice", id);
    refuse(read.mapped().connection, read.mapped().request.request);
  }
}

/// Freezes the store at this entry. A background thread encodes it and writes it to the disk.
void Replica::begin_snapshot_if_due(raft::LogPosition applied) {
  const auto every = options_.snapshot_every;
  if (every == 0 || is_writing_snapshot_) return;
  if (applied.index.value - snapshot_at_.value < every) return;
  const auto [index, configuration] = raft_.configuration_at(applied.index);
  ground_.storage.begin_writing([applied, configuration = configuration, index = index,
                                 encode = ground_.state_machine.freeze()] {
    return std::make_shared<const raft::Snapshot>(
        raft::Snapshot{applied, configuration, index, encode()});
  });
  is_writing_snapshot_ = true;
  snapshot_at_ = applied.index;
  record_state();
}

/// A tenth of `snapshot_every` entries stays in memory for followers that are a little behind.
void Replica::compact_if_written() {
  if (!is_writing_snapshot_) return;
  const auto snapshot = ground_.storage.take_written();
  if (!snapshot) return;
  is_writing_snapshot_ = false;
  ground_.state_machine.thaw();
  raft_.compact(snapshot, options_.snapshot_every / 10);
}

void Replica::refuse(Clients::Connection connection, std::uint64_t request) {
  Reply reply;
  reply.request = request;
  reply.status = Status::not_leader;
  reply.leader = leader_address();
  ground_.clients.answer(connection, reply);
}

std::optional<std::string> Replica::leader_address() const {
  const auto leader = raft_.leader();
  if (!leader || *leader == raft_.id()) return std::nullopt;
  const auto found = options_.client_addresses.find(*leader);
  if (found == options_.client_addresses.end()) return std::nullopt;
  return found->second;
}

}  // namespace sunder
