#include "checker/models/players_test.h"

#include <map>

#include "checker/invariant.h"
#include "checker/models/bank.h"
#include "checker/models/counter.h"
#include "checker/models/kv.h"
#include "checker/models/list_append.h"
#include "checker/models/mutex.h"
#include "checker/models/owned_locks.h"
#include "checker/models/queue.h"
#include "checker/models/register.h"
#include "checker/models/set.h"
#include "checker/models/txn_register.h"
#include "checker/models/unordered_queue.h"
#include "checker/models/versioned_register.h"

namespace sunder::checker {

namespace {

using history::List;
using history::Operation;
using history::Outcome;
using history::Value;

/// Asks at random among some calls and answers by the model itself.
template <Model M>
class ModelPlayer final : public Player {
 public:
  using Ask = void (*)(Random&, Operation&);
  /// Sets the answer that the state gives.
  using Answer = void (*)(const typename M::State&, Operation&);

  ModelPlayer(Random& random, Ask asking, Answer answering)
      : random_(random), ask_(asking), answer_(answering), state_(model_.initial()) {}

  void ask(Operation& operation) override { ask_(random_, operation); }
  void answer(Operation& operation) override {
    answer_(state_, operation);
    const auto step = model_.step(state_, operation);
    if (step.is_legal()) {
      past_.push_back(state_);
      state_ = step.state();
    } else {
      operation.outcome = Outcome::fail;
    }
  }
  /// As an earlier state would have answered; or it claims to have failed.
  void spoil(Operation& operation) override {
    if (past_.empty() || random_.chance(30)) {
      operation.outcome = operation.outcome == Outcome::ok ? Outcome::fail : Outcome::ok;
      return;
    }
    answer_(past_[static_cast<std::size_t>(random_.below(static_cast<int>(past_.size())))],
            operation);
  }

 private:
  Random& random_;
  Ask ask_;
  Answer answer_;
  M model_;
  typename M::State state_;
  std::vector<typename M::State> past_;
};

template <Model M>
std::vector<Operation> play(Random& random, const Shape& shape, typename ModelPlayer<M>::Ask ask,
                            typename ModelPlayer<M>::Answer answer) {
  ModelPlayer<M> player(random, ask, answer);
  return random_history(random, shape, player);
}

std::vector<Operation> play_kv(Random& random, const Shape& shape) {
  return play<Kv>(
      random, shape,
      [](Random& dice, Operation& operation) {
        const int kind = dice.below(10);
        operation.f = kind < 4 ? "read" : kind < 6 ? "write" : "append";
        if (kind >= 4) operation.argument = std::string(1, static_cast<char>('a' + dice.below(3)));
      },
      [](const std::string& state, Operation& operation) {
        operation.result = operation.f == "read" ? Value(state) : operation.argument;
      });
}

std::vector<Operation> play_counter(Random& random, const Shape& shape) {
  return play<Counter>(
      random, shape,
      [](Random& dice, Operation& operation) {
        operation.f = dice.chance(50) ? "read" : "add";
        if (operation.f == "add") operation.argument = 1 + dice.below(2);
      },
      [](const std::int64_t& state, Operation& operation) {
        operation.result = operation.f == "read" ? Value(state) : operation.argument;
      });
}

std::vector<Operation> play_set(Random& random, const Shape& shape) {
  return play<Set>(
      random, shape,
      [](Random& dice, Operation& operation) {
        operation.f = dice.chance(50) ? "read" : dice.chance(80) ? "add" : "remove";
        if (operation.f != "read") operation.argument = dice.below(4);
      },
      [](const Set::State& state, Operation& operation) {
        operation.result = operation.argument;
        if (operation.f != "read") return;
        List seen;
        for (const auto& element : state) seen.push_back(Value(std::stoi(element)));
        operation.result = seen;
      });
}

void found_empty(Operation& dequeue) {
  history::Answer answer;
  answer.found.emplace();
  dequeue.answer = std::make_shared<const history::Answer>(std::move(answer));
}

std::vector<Operation> play_queue(Random& random, const Shape& shape) {
  return play<Queue>(
      random, shape,
      [](Random& dice, Operation& operation) {
        operation.f = dice.chance(50) ? "dequeue" : "enqueue";
        if (operation.f == "enqueue") operation.argument = dice.below(4);
      },
      [](const List& state, Operation& operation) {
        operation.result = operation.argument;
        if (operation.f != "dequeue") return;
        operation.result = state.empty() ? Value() : state.front();
        // Half of the dequeues of an empty queue are refused.
        const bool is_refused = state.empty() && operation.invoked % 2 == 0;
        operation.outcome = is_refused ? Outcome::fail : Outcome::ok;
        operation.answer = nullptr;
        if (is_refused) found_empty(operation);
      });
}

std::vector<Operation> play_unordered_queue(Random& random, const Shape& shape) {
  return play<UnorderedQueue>(
      random, shape,
      [](Random& dice, Operation& operation) {
        operation.f = dice.chance(50) ? "dequeue" : "enqueue";
        if (operation.f == "enqueue") operation.argument = dice.below(4);
      },
      [](const UnorderedQueue::State& state, Operation& operation) {
        operation.result = operation.argument;
        if (operation.f != "dequeue" || state.values.empty()) return;
        const auto any = static_cast<std::size_t>(operation.invoked) % state.values.size();
        operation.result = std::stoi(state.values[any]);
      });
}

std::vector<Operation> play_list_append(Random& random, const Shape& shape) {
  return play<ListAppend>(
      random, shape,
      [](Random& dice, Operation& operation) {
        operation.f = dice.chance(50) ? "read" : "append";
        if (operation.f == "append") operation.argument = dice.below(4);
      },
      [](const List& state, Operation& operation) {
        operation.result = operation.f == "read" ? Value(state) : operation.argument;
      });
}

template <Model M>
std::vector<Operation> play_lock(Random& random, const Shape& shape) {
  return play<M>(
      random, shape,
      [](Random& dice, Operation& operation) {
        operation.f = dice.chance(50) ? "acquire" : "release";
      },
      [](const typename M::State&, Operation& operation) {
        operation.result = operation.argument;
      });
}

/// Of a few owners.
template <Model M>
std::vector<Operation> play_owned_lock(Random& random, const Shape& shape) {
  return play<M>(
      random, shape,
      [](Random& dice, Operation& operation) {
        operation.f = dice.chance(50) ? "acquire" : "release";
        operation.argument = dice.chance(50) ? "c1" : "c2";
      },
      [](const typename M::State& state, Operation& operation) {
        operation.result =
            operation.f == "acquire" ? Value(state.token.value_or(0) + 1) : operation.argument;
      });
}

std::vector<Operation> play_txn_register(Random& random, const Shape& shape) {
  return play<TxnRegister>(
      random, shape,
      [](Random& dice, Operation& operation) {
        operation.f = "txn";
        List steps;
        for (int i = 0; i <= dice.below(2); ++i) {
          const Value key = dice.below(2);
          if (dice.chance(50)) {
            steps.push_back(List{"r", key, Value()});
          } else {
            steps.push_back(List{"w", key, dice.below(3)});
          }
        }
        operation.argument = steps;
      },
      [](const TxnRegister::State& state, Operation& operation) {
        std::map<std::string, Value> now(state.begin(), state.end());
        List answered = *operation.argument.list();
        for (auto& each : answered) {
          auto step = *each.list();
          auto& value = now[to_json(step[1])];
          if (step[0] == Value("w")) {
            value = step[2];
          } else {
            step[2] = value;
          }
          each = step;
        }
        operation.result = answered;
      });
}

/// Half of the histories say versions apart, the others as [version, value].
std::vector<Operation> play_versioned_register(Random& random, const Shape& shape) {
  return play<VersionedRegister>(
      random, shape,
      [](Random& dice, Operation& operation) {
        const int kind = dice.below(10);
        operation.f = kind < 5 ? "read" : kind < 8 ? "write" : "cas";
        Value asked = operation.f == "write" ? Value(10 + dice.below(4)) : Value();
        if (operation.f == "cas") asked = List{10 + dice.below(4), 10 + dice.below(4)};
        operation.argument = List{Value(), asked};
      },
      [](const VersionedRegister::State& state, Operation& operation) {
        const auto asked = operation.argument.list()->back();
        if (operation.f == "read") {
          const auto version = state.version == 0 ? Value() : Value(state.version);
          operation.result = List{version, state.value};
        } else {
          operation.result = List{state.version + 1 + operation.invoked % 2, asked};
        }
      });
}

std::vector<Operation> play_bank(Random& random, const Shape& shape) {
  return play<Bank>(
      random, shape,
      [](Random& dice, Operation& operation) {
        operation.f = dice.chance(50) ? "read" : "transfer";
        if (operation.f == "read") return;
        const int from = dice.below(3);
        operation.argument =
            history::Object{{"from", from}, {"to", (from + 1) % 3}, {"amount", 1 + dice.below(3)}};
      },
      [](const Bank::State& state, Operation& operation) {
        operation.result = operation.argument;
        if (operation.f != "read") return;
        history::Object balances;
        for (const auto* account : {"0", "1", "2"}) {
          const auto found = state.balances.find(account);
          const auto balance = found == state.balances.end() ? 0 : found->second;
          balances.emplace_back(account, balance + (state.is_known ? 0 : 4));
        }
        operation.result = balances;
      });
}

using MakeHistory = std::vector<Operation> (*)(Random&, const Shape&);

const std::map<std::string_view, MakeHistory>& plays() {
  static const std::map<std::string_view, MakeHistory> all = {
      {Register::name, random_register_history},
      {Kv::name, play_kv},
      {Counter::name, play_counter},
      {Set::name, play_set},
      {Queue::name, play_queue},
      {ListAppend::name, play_list_append},
      {OwnedMutex::name, play_owned_lock<OwnedMutex>},
      {Mutex::name, play_lock<Mutex>},
      {FencedMutex::name, play_owned_lock<FencedMutex>},
      {Semaphore::name, play_lock<Semaphore>},
      {OwnedSemaphore::name, play_owned_lock<OwnedSemaphore>},
      {TxnRegister::name, play_txn_register},
      {VersionedRegister::name, play_versioned_register},
      {Bank::name, play_bank},
      {UnorderedQueue::name, play_unordered_queue},
  };
  return all;
}

}  // namespace

std::vector<Operation> random_history_of(std::string_view model, Random& random,
                                         const Shape& shape) {
  const auto found = plays().find(model);
  CHECK(found != plays().end(), "{}", model);
  return found->second(random, shape);
}

}  // namespace sunder::checker
