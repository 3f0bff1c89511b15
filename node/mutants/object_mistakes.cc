#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "node/mutants/mistaken_machine.h"
#include "node/mutants/mistakes.h"
#include "node/store/command.h"

namespace sunder::mistakes {
namespace {

using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;
using client_protocol::Value;

bool is_command(const raft::EntryPtr& entry) {
  return entry->type == raft::EntryType::command;
}

/// The same entry, as if it had that command.
raft::Entry with_command(const raft::Entry& entry, const Request& request) {
  auto changed = entry;
  changed.data = encode_command(request);
  return changed;
}

/// Null if the key is absent or has a value of another type.
template <class Type>
const Type* object_of_type(const KvStore& store, const std::string& key) {
  const auto* item = store.find(key);
  return item != nullptr ? std::get_if<Type>(&item->object) : nullptr;
}

/// A snapshot that is changed before it is written.
class ChangedSnapshot : public StateMachine {
 public:
  using Change = std::function<void(KvStore&)>;

  static std::function<std::string()> of(std::function<std::string()> encode, Change change) {
    return [encode = std::move(encode), change = std::move(change)] {
      ChangedSnapshot snapshot;
      snapshot.restore(encode());
      change(snapshot.store());
      return snapshot.freeze()();
    };
  }
};

/// The sessions' replies to one operation are not used: a retry is applied again.
template <Operation operation>
class NotRemembered : public MistakenMachine {
 public:
  using MistakenMachine::MistakenMachine;

  const Reply* earlier_reply(const Request& request) const override {
    const auto* reply = StateMachine::earlier_reply(request);
    if (reply == nullptr || request.operation != operation) return reply;
    reached();
    return nullptr;
  }
};

/// The pushes of a batch are sorted by client; the batches differ between nodes.
class PushesSorted : public MistakenMachine {
 public:
  using MistakenMachine::apply;
  using MistakenMachine::MistakenMachine;

  Replies apply(std::span<const raft::EntryPtr> entries) override {
    std::vector<std::pair<std::uint64_t, raft::EntryPtr>> pushes;
    for (const auto& entry : entries) {
      if (is_push(entry)) pushes.emplace_back(decode_command(entry->data).client, entry);
    }
    const auto by_client = [](const auto& one, const auto& other) {
      return one.first < other.first;
    };
    if (std::is_sorted(pushes.begin(), pushes.end(), by_client)) {
      return StateMachine::apply(entries);
    }
    reached();
    std::stable_sort(pushes.begin(), pushes.end(), by_client);
    std::vector sorted(entries.begin(), entries.end());
    auto next = pushes.begin();
    for (auto& entry : sorted) {
      if (is_push(entry)) entry = (next++)->second;
    }
    return StateMachine::apply(sorted);
  }

 private:
  static bool is_push(const raft::EntryPtr& entry) {
    return is_command(entry) && decode_command(entry->data).operation == Operation::push;
  }
};

/// Each add of a batch is an addition to the set as it was before the batch, so the last one wins.
class AddedToAnOldSet : public MistakenMachine {
 public:
  using MistakenMachine::apply;
  using MistakenMachine::MistakenMachine;

  Replies apply(std::span<const raft::EntryPtr> entries) override {
    std::map<std::string, std::vector<Request>> adds;
    for (const auto& entry : entries) {
      if (!is_command(entry)) continue;
      const auto request = decode_command(entry->data);
      if (request.operation != Operation::add) continue;
      const auto* set = object_of_type<ElementSet>(store(), request.key);
      if (set == nullptr || !set->contains(request.value)) adds[request.key].push_back(request);
    }
    auto replies = StateMachine::apply(entries);
    for (const auto& [key, added] : adds) forget_all_but_the_last(added, entries);
    return replies;
  }

 private:
  void forget_all_but_the_last(const std::vector<Request>& added,
                               std::span<const raft::EntryPtr> entries) {
    for (auto overwritten : added) {
      const auto* set = object_of_type<ElementSet>(store(), overwritten.key);
      const bool is_there = set != nullptr && set->contains(overwritten.value);
      if (!is_there || overwritten.value == added.back().value) continue;
      reached();
      overwritten.operation = Operation::remove;
      store().change(overwritten, entries.back()->position.index);
    }
  }
};

/// What was removed since the last restore is in the snapshots as if it were there.
class RemovesNotInSnapshots : public MistakenMachine {
 public:
  using MistakenMachine::apply;
  using MistakenMachine::MistakenMachine;

  Reply apply(const raft::Entry& entry) override {
    const auto request = decode_command(entry.data);
    const auto* set = object_of_type<ElementSet>(store(), request.key);
    const bool had = set != nullptr && set->contains(request.value);
    auto reply = StateMachine::apply(entry);
    set = object_of_type<ElementSet>(store(), request.key);
    const bool has = set != nullptr && set->contains(request.value);
    if (had && !has) removed_[request.key].insert(request.value);
    if (!had && has) removed_[request.key].erase(request.value);
    return reply;
  }

  void restore(std::string_view data) override {
    removed_.clear();
    StateMachine::restore(data);
  }

  std::function<std::string()> freeze() override {
    for (const auto& [key, elements] : removed_) {
      if (!elements.empty()) reached();
    }
    return ChangedSnapshot::of(StateMachine::freeze(), [removed = removed_](KvStore& store) {
      for (const auto& [key, elements] : removed) {
        auto item = *store.find(key);
        for (const auto& element : elements) std::get<ElementSet>(item.object).add(element);
        store.put(key, item);
      }
    });
  }

 private:
  std::map<std::string, std::set<std::string>> removed_;
};

/// The log has the sum that the leader computed, and each node sets the counter to it.
class SumsInTheLog : public MistakenMachine {
 public:
  using MistakenMachine::apply;
  using MistakenMachine::MistakenMachine;

  std::string command_for(const Request& request) override {
    if (request.operation != Operation::increment) return StateMachine::command_for(request);
    const auto total = total_of(request.key);
    judged_[command_name(request)] = total;
    auto sum = request;
    sum.amount = static_cast<std::int64_t>(static_cast<std::uint64_t>(total) +
                                           static_cast<std::uint64_t>(request.amount));
    return StateMachine::command_for(sum);
  }

  Reply apply(const raft::Entry& entry) override {
    auto request = decode_command(entry.data);
    if (request.operation != Operation::increment) return StateMachine::apply(entry);
    const auto total = total_of(request.key);
    const auto judged = judged_.extract(command_name(request));
    if (!judged.empty() && judged.mapped() != total) reached();
    request.amount = static_cast<std::int64_t>(static_cast<std::uint64_t>(request.amount) -
                                               static_cast<std::uint64_t>(total));
    return StateMachine::apply(with_command(entry, request));
  }

 private:
  std::int64_t total_of(const std::string& key) const {
    const auto* counter = object_of_type<Counter>(store(), key);
    return counter != nullptr ? counter->total : 0;
  }

  std::map<CommandName, std::int64_t> judged_;
};

/// A dequeue is answered with the element that was the first when it was proposed.
class DequeuedWhenProposed : public MistakenMachine {
 public:
  using MistakenMachine::apply;
  using MistakenMachine::MistakenMachine;

  std::string command_for(const Request& request) override {
    const auto* queue = object_of_type<Queue>(store(), request.key);
    const bool has_first =
        request.operation == Operation::dequeue && queue != nullptr && !queue->elements.empty();
    if (has_first) first_[command_name(request)] = queue->elements.front();
    return StateMachine::command_for(request);
  }

  Reply apply(const raft::Entry& entry) override {
    auto reply = StateMachine::apply(entry);
    const auto first = first_.extract(command_name(decode_command(entry.data)));
    if (first.empty() || reply.value == Value(first.mapped())) return reply;
    reached();
    reply.status = Status::ok;
    reply.value = first.mapped();
    return reply;
  }

 private:
  std::map<CommandName, std::string> first_;
};

/// Snapshots have no free locks: their tokens begin again.
class FreeLocksNotInSnapshots : public MistakenMachine {
 public:
  using MistakenMachine::MistakenMachine;

  std::function<std::string()> freeze() override {
    const auto items = store().items();
    if (std::any_of(items.begin(), items.end(),
                    [](const auto& each) { return is_used_and_free(each.second); })) {
      reached();
    }
    return ChangedSnapshot::of(StateMachine::freeze(), [](KvStore& store) {
      for (auto& [key, item] : store.items()) {
        if (is_used_and_free(item)) store.put(key, {Lock(), item.version});
      }
    });
  }

 private:
  static bool is_used_and_free(const Item& item) {
    const auto* lock = std::get_if<Lock>(&item.object);
    return lock != nullptr && !lock->owner && lock->token > 0;
  }
};

/// An acquire is answered by what the leader has applied. The entry follows, but nobody looks at
/// it.
class GrantedAtOnce : public Proposals {
 public:
  GrantedAtOnce(Clients& clients, std::shared_ptr<const StateMachine*> machine, Reached reached)
      : Proposals(clients), machine_(std::move(machine)), reached_(std::move(reached)) {}

  void proposed(Index index, Clients::Connection connection, const Request& request) override {
    auto read = request;
    read.operation = Operation::read;
    auto reply = (*machine_)->read(read);
    const auto* lock = reply.value.list();
    const bool is_free = lock == nullptr || lock->back().is_null();
    if (request.operation != Operation::acquire || !is_free) {
      Proposals::proposed(index, connection, request);
      return;
    }
    reached_();
    reply.value = lock == nullptr ? 1 : *lock->front().integer() + 1;
    reply.version.reset();
    clients().answer(connection, reply);
  }

 private:
  std::shared_ptr<const StateMachine*> machine_;
  Reached reached_;
};

/// A release does not look at who holds the lock.
class ReleasedByAnybody : public MistakenMachine {
 public:
  using MistakenMachine::apply;
  using MistakenMachine::MistakenMachine;

  Reply apply(const raft::Entry& entry) override {
    auto request = decode_command(entry.data);
    const auto* lock = object_of_type<Lock>(store(), request.key);
    const bool is_foreign = request.operation == Operation::release && lock != nullptr &&
                            lock->owner && *lock->owner != request.value;
    if (!is_foreign) return StateMachine::apply(entry);
    reached();
    request.value = *lock->owner;
    return StateMachine::apply(with_command(entry, request));
  }
};

/// What a transaction did before the operation that was refused stays done.
class PartOfARefusedStays : public MistakenMachine {
 public:
  using MistakenMachine::apply;
  using MistakenMachine::MistakenMachine;

  Reply apply(const raft::Entry& entry) override {
    const auto request = decode_command(entry.data);
    const bool is_retry = earlier_reply(request) != nullptr;
    auto reply = StateMachine::apply(entry);
    if (is_retry || !reply.at) return reply;
    for (std::size_t place = 0; place < *reply.at; ++place) {
      const auto& operation = request.operations[place];
      if (operation.operation == Operation::read) continue;
      reached();
      store().change(operation, entry.position.index);
    }
    return reply;
  }
};

/// Only the first key of a transaction is changed with it, the others with the entry behind it.
class AppliedInTwoSteps : public MistakenMachine {
 public:
  using MistakenMachine::apply;
  using MistakenMachine::MistakenMachine;

  Reply apply(const raft::Entry& entry) override {
    for (const auto& [key, item] : rest_) store().put(key, item);
    rest_.clear();
    const auto request = decode_command(entry.data);
    KvStore::Items before;
    for (const auto& operation : request.operations) {
      const auto* item = store().find(operation.key);
      if (item != nullptr && operation.key != request.operations.front().key) {
        before.emplace(operation.key, *item);
      }
    }
    auto reply = StateMachine::apply(entry);
    for (const auto& [key, item] : before) put_off(key, item);
    return reply;
  }

  void restore(std::string_view data) override {
    rest_.clear();
    StateMachine::restore(data);
  }

 private:
  void put_off(const std::string& key, const Item& before) {
    const auto after = *store().find(key);
    if (after.version == before.version) return;
    reached();
    rest_.emplace(key, after);
    store().put(key, before);
  }

  KvStore::Items rest_;
};

/// Ids are counted from the start or the last restore on.
class IdsCountedInMemory : public MistakenMachine {
 public:
  using MistakenMachine::apply;
  using MistakenMachine::MistakenMachine;

  Reply apply(const raft::Entry& entry) override {
    const auto request = decode_command(entry.data);
    const bool is_retry = earlier_reply(request) != nullptr;
    auto reply = StateMachine::apply(entry);
    if (is_retry || request.operation != Operation::generate) return reply;
    if (is_restored_) reached();
    reply.value = ++count_;
    return reply;
  }

  void restore(std::string_view data) override {
    count_ = 0;
    is_restored_ = true;
    StateMachine::restore(data);
  }

 private:
  std::int64_t count_ = 0;
  bool is_restored_ = false;
};

/// An id is the place behind what the leader has applied when the command is proposed.
class IdsGivenWhenProposed : public MistakenMachine {
 public:
  using MistakenMachine::apply;
  using MistakenMachine::MistakenMachine;

  std::string command_for(const Request& request) override {
    if (request.operation == Operation::generate) {
      given_[command_name(request)] = static_cast<std::int64_t>(applied_.next().value);
    }
    return StateMachine::command_for(request);
  }

  Reply apply(const raft::Entry& entry) override {
    auto reply = StateMachine::apply(entry);
    applied_ = entry.position.index;
    const auto given = given_.extract(command_name(decode_command(entry.data)));
    if (given.empty()) return reply;
    if (!answered_.insert(given.mapped()).second) reached();
    reply.value = given.mapped();
    return reply;
  }

 private:
  Index applied_;
  std::map<CommandName, std::int64_t> given_;
  std::set<std::int64_t> answered_;
};

}  // namespace

void sort_the_pushes_of_a_batch(Parts& parts, const Reached& reached) {
  replace_state_machine<PushesSorted>(parts, reached);
}

void push_again_when_retried(Parts& parts, const Reached& reached) {
  replace_state_machine<NotRemembered<Operation::push>>(parts, reached);
}

void add_to_the_set_before_the_batch(Parts& parts, const Reached& reached) {
  replace_state_machine<AddedToAnOldSet>(parts, reached);
}

void leave_removes_out_of_snapshots(Parts& parts, const Reached& reached) {
  replace_state_machine<RemovesNotInSnapshots>(parts, reached);
}

void increment_again_when_retried(Parts& parts, const Reached& reached) {
  replace_state_machine<NotRemembered<Operation::increment>>(parts, reached);
}

void log_an_increment_as_its_sum(Parts& parts, const Reached& reached) {
  replace_state_machine<SumsInTheLog>(parts, reached);
}

void answer_a_dequeue_as_proposed(Parts& parts, const Reached& reached) {
  replace_state_machine<DequeuedWhenProposed>(parts, reached);
}

void dequeue_again_when_retried(Parts& parts, const Reached& reached) {
  replace_state_machine<NotRemembered<Operation::dequeue>>(parts, reached);
}

void forget_the_tokens_of_free_locks(Parts& parts, const Reached& reached) {
  replace_state_machine<FreeLocksNotInSnapshots>(parts, reached);
}

/// The machine and the proposals of one node share the way to the machine's state.
void grant_locks_before_commit(Parts& parts, const Reached& reached) {
  const auto machine = std::make_shared<const StateMachine*>();
  parts.state_machine = [machine] {
    auto made = std::make_unique<StateMachine>();
    *machine = made.get();
    return made;
  };
  parts.proposals = [machine, reached](Clients& clients) {
    return std::make_unique<GrantedAtOnce>(clients, machine, reached);
  };
}

void release_anybodys_lock(Parts& parts, const Reached& reached) {
  replace_state_machine<ReleasedByAnybody>(parts, reached);
}

void keep_a_part_of_a_refused_transaction(Parts& parts, const Reached& reached) {
  replace_state_machine<PartOfARefusedStays>(parts, reached);
}

void apply_a_transaction_in_two_steps(Parts& parts, const Reached& reached) {
  replace_state_machine<AppliedInTwoSteps>(parts, reached);
}

void count_ids_in_memory(Parts& parts, const Reached& reached) {
  replace_state_machine<IdsCountedInMemory>(parts, reached);
}

void give_ids_when_proposed(Parts& parts, const Reached& reached) {
  replace_state_machine<IdsGivenWhenProposed>(parts, reached);
}

}  // namespace sunder::mistakes
