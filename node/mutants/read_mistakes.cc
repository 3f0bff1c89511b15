#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "node/mutants/mistaken_machine.h"
#include "node/mutants/mistakes.h"
#include "node/store/command.h"

namespace sunder::mistakes {
namespace {

using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Value;
using client_protocol::Values;

/// Reads of this kind are answered by whoever is asked. A node does not know whether its answer is
/// old, so each counts as reached.
template <Operation operation>
class ReadOnAnyNode : public MistakenMachine {
 public:
  using MistakenMachine::MistakenMachine;

  std::optional<Reply> reply_alone(const Request& request) override {
    if (request.operation != operation) return std::nullopt;
    reached();
    return read(request);
  }
};

/// The first half of a transaction's reads are from when it came, the others from when a quorum
/// answered. Each by itself is right.
class ReadAtTwoMoments : public MistakenMachine {
 public:
  using MistakenMachine::MistakenMachine;

  std::optional<Reply> reply_alone(const Request& request) override {
    constexpr std::size_t most = 1000;  // Those that are refused are never read.
    if (came_.size() == most) came_.clear();
    if (request.operations.size() > 1) came_[command_name(request)] = StateMachine::read(request);
    return std::nullopt;
  }

  Reply read(const Request& request) const override {
    auto reply = StateMachine::read(request);
    const auto came = came_.extract(command_name(request));
    if (came.empty()) return reply;
    const Value then = came.mapped().value;
    const Value now = reply.value;
    Values both = *now.list();
    for (std::size_t i = 0; i < both.size() / 2; ++i) both[i] = (*then.list())[i];
    reply.value = std::move(both);
    if (!(reply.value == then) && !(reply.value == now)) reached();
    return reply;
  }

 private:
  mutable std::map<CommandName, Reply> came_;
};

/// Transactions of reads are answered by whoever is asked. Keys of one half appear as they were
/// before the last entries; the halves are different on nodes with odd and even numbers.
class HalfOfTheKeysLate : public MistakenMachine {
 public:
  HalfOfTheKeysLate(Reached reached, std::shared_ptr<const std::int64_t> node)
      : MistakenMachine(std::move(reached)), node_(std::move(node)) {}
  using MistakenMachine::apply;

  Reply apply(const raft::Entry& entry) override {
    const auto request = decode_command(entry.data);
    const auto at = entry.position.index.value;
    while (!before_.empty() && before_.front().at + entries_late <= at) before_.pop_front();
    for (const auto& each : request.operations) {
      if (each.operation == Operation::read || !is_late(each.key)) continue;
      const auto* item = store().find(each.key);
      before_.push_back({at, each.key, item != nullptr ? shown(item->object) : Value()});
    }
    return StateMachine::apply(entry);
  }

  void restore(std::string_view data) override {
    before_.clear();
    StateMachine::restore(data);
  }

  std::optional<Reply> reply_alone(const Request& request) override {
    if (request.operation != Operation::txn) return std::nullopt;
    auto reply = read(request);
    const Value now = reply.value;
    Values late = *now.list();
    for (std::size_t i = 0; i < late.size(); ++i) {
      const auto* before = first_of(request.operations[i].key);
      if (before != nullptr) late[i] = before->value;
    }
    reply.value = std::move(late);
    if (!(reply.value == now)) reached();
    return reply;
  }

 private:
  static constexpr std::uint64_t entries_late = 20;

  struct Before {
    std::uint64_t at;
    std::string key;
    Value value;
  };

  bool is_late(const std::string& key) const { return (key.back() + *node_) % 2 == 0; }
  const Before* first_of(const std::string& key) const {
    for (const auto& each : before_) {
      if (each.key == key) return &each;
    }
    return nullptr;
  }

  std::shared_ptr<const std::int64_t> node_;
  /// What the last entries replaced, in their order.
  std::deque<Before> before_;
};

/// The log has the text that the leader computed.
class TextsInTheLog : public MistakenMachine {
 public:
  using MistakenMachine::apply;
  using MistakenMachine::MistakenMachine;

  std::string command_for(const Request& request) override {
    if (request.operation != Operation::append) return StateMachine::command_for(request);
    const auto present = store().read(request.key).text_or("");
    met_[command_name(request)] = present;
    auto write = request;
    write.operation = Operation::write;
    write.value = present + request.value;
    return StateMachine::command_for(write);
  }

  Reply apply(const raft::Entry& entry) override {
    const auto request = decode_command(entry.data);
    const auto met = met_.extract(command_name(request));
    if (!met.empty() && met.mapped() != store().read(request.key).text_or("")) reached();
    return StateMachine::apply(entry);
  }

 private:
  std::map<CommandName, std::string> met_;
};

/// A read is answered at once if the client's last command was applied here, or if its last read
/// was answered here at once. So no client by itself sees anything old.
class ReadWhereTheSessionIsKnown : public MistakenMachine {
 public:
  using MistakenMachine::MistakenMachine;

  std::optional<Reply> reply_alone(const Request& request) override {
    if (request.operation != Operation::read) return std::nullopt;
    const auto last = read_here_.find(request.client);
    const bool read_here = last != read_here_.end() && last->second + 1 == request.request;
    const Request before{.client = request.client,
                         .request = request.request - 1,
                         .key = {},
                         .value = {},
                         .expected = {}};
    if (!read_here && earlier_reply(before) == nullptr) return std::nullopt;
    read_here_[request.client] = request.request;
    reached();
    return read(request);
  }

 private:
  /// By client: its last read that was answered at once.
  std::map<std::uint64_t, std::uint64_t> read_here_;
};

/// The version of a read is the last applied entry.
class VersionIsTheLastEntry : public MistakenMachine {
 public:
  using MistakenMachine::apply;
  using MistakenMachine::MistakenMachine;

  Reply apply(const raft::Entry& entry) override {
    applied_ = entry.position.index;
    return StateMachine::apply(entry);
  }

  Reply read(const Request& request) const override {
    auto reply = StateMachine::read(request);
    if (!reply.version || applied_ <= *reply.version) return reply;
    reached();
    reply.version = applied_;
    return reply;
  }

 private:
  Index applied_;
};

}  // namespace

void read_transactions_on_any_node(Parts& parts, const Reached& reached) {
  replace_state_machine<ReadOnAnyNode<Operation::txn>>(parts, reached);
}

void read_transactions_at_two_moments(Parts& parts, const Reached& reached) {
  replace_state_machine<ReadAtTwoMoments>(parts, reached);
}

/// The machine has the node's number from its disk.
void show_half_of_the_keys_late(Parts& parts, const Reached& reached) {
  const auto node = std::make_shared<std::int64_t>();
  parts.storage = [node](std::unique_ptr<Storage> disk, NodeId id) {
    *node = id.value;
    return disk;
  };
  parts.state_machine = [node, reached] {
    return std::make_unique<HalfOfTheKeysLate>(reached, node);
  };
}

void log_an_append_as_its_text(Parts& parts, const Reached& reached) {
  replace_state_machine<TextsInTheLog>(parts, reached);
}

void read_registers_on_any_node(Parts& parts, const Reached& reached) {
  replace_state_machine<ReadOnAnyNode<Operation::read>>(parts, reached);
}

void read_where_the_session_is_known(Parts& parts, const Reached& reached) {
  replace_state_machine<ReadWhereTheSessionIsKnown>(parts, reached);
}

void answer_the_applied_index_as_version(Parts& parts, const Reached& reached) {
  replace_state_machine<VersionIsTheLastEntry>(parts, reached);
}

}  // namespace sunder::mistakes
