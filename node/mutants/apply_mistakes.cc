#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "node/mutants/mistaken_machine.h"
#include "node/mutants/mistakes.h"
#include "node/mutants/replaced_rule.h"
#include "node/store/command.h"

namespace sunder::mistakes {
namespace {

using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Value;

/// Entries that are committed together are applied in reverse; the groups differ between nodes.
class AppliedBackwards : public MistakenMachine {
 public:
  using MistakenMachine::apply;
  using MistakenMachine::MistakenMachine;

  Replies apply(std::span<const raft::EntryPtr> entries) override {
    const auto commands = std::count_if(entries.begin(), entries.end(), [](const auto& entry) {
      return entry->type == raft::EntryType::command;
    });
    if (commands > 1) reached();
    const std::vector backwards(entries.rbegin(), entries.rend());
    return StateMachine::apply(backwards);
  }
};

/// A cas that would succeed now is logged as a write.
class JudgedWhenProposed : public MistakenMachine {
 public:
  using MistakenMachine::apply;
  using MistakenMachine::MistakenMachine;

  std::string command_for(const Request& request) override {
    const bool succeeds =
        request.operation == Operation::cas && store().read(request.key) == Value(request.expected);
    if (!succeeds) return StateMachine::command_for(request);
    judged_[command_name(request)] = request.expected;
    auto write = request;
    write.operation = Operation::write;
    return StateMachine::command_for(write);
  }

  Reply apply(const raft::Entry& entry) override {
    const auto request = decode_command(entry.data);
    const auto judged = judged_.extract(command_name(request));
    if (!judged.empty() && store().read(request.key) != Value(judged.mapped())) reached();
    return StateMachine::apply(entry);
  }

 private:
  std::map<CommandName, std::optional<std::string>> judged_;
};

/// Only the node that proposed a command records its reply.
class OwnClientsOnly : public MistakenMachine {
 public:
  using MistakenMachine::apply;
  using MistakenMachine::MistakenMachine;

  std::string command_for(const Request& request) override {
    proposed_here_.insert(command_name(request));
    return StateMachine::command_for(request);
  }

  Reply apply(const raft::Entry& entry) override {
    const auto request = decode_command(entry.data);
    if (proposed_here_.erase(command_name(request)) != 0) {
      return StateMachine::apply(entry);
    }
    reached();
    if (const auto* reply = earlier_reply(request)) return *reply;
    return store().apply(request, entry.position.index);
  }

 private:
  std::set<CommandName> proposed_here_;
};

class NoSessionsInSnapshots : public MistakenMachine {
 public:
  using MistakenMachine::MistakenMachine;

  std::string encoded_sessions() const override {
    std::string data;
    ByteWriter out(data);
    Sessions().save(out);
    if (data != StateMachine::encoded_sessions()) reached();
    return data;
  }
};

/// Existing keys keep their values.
class MergedWithTheSnapshot : public MistakenMachine {
 public:
  using MistakenMachine::MistakenMachine;

  void restore(std::string_view data) override {
    const auto before = store().items();
    StateMachine::restore(data);
    for (const auto& [key, item] : before) {
      const auto* restored = store().find(key);
      if (restored == nullptr || digest_of(restored->object) != digest_of(item.object)) reached();
      store().put(key, item);
    }
  }
};

}  // namespace

/// The first entry after the snapshot counts as part of it.
void skip_an_entry_after_a_restart(Parts& parts, const Reached& reached) {
  replace(parts.rules.applied_at_start, reached, [](Index right, const raft::Log& log) {
    return log.last().index > right ? right.next() : right;
  });
}

void apply_backwards(Parts& parts, const Reached& reached) {
  replace_state_machine<AppliedBackwards>(parts, reached);
}

void judge_a_cas_when_proposed(Parts& parts, const Reached& reached) {
  replace_state_machine<JudgedWhenProposed>(parts, reached);
}

void remember_only_its_own_clients(Parts& parts, const Reached& reached) {
  replace_state_machine<OwnClientsOnly>(parts, reached);
}

void leave_sessions_out_of_snapshots(Parts& parts, const Reached& reached) {
  replace_state_machine<NoSessionsInSnapshots>(parts, reached);
}

void merge_the_snapshot(Parts& parts, const Reached& reached) {
  replace_state_machine<MergedWithTheSnapshot>(parts, reached);
}

}  // namespace sunder::mistakes
