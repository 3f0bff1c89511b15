#include "checker/linearizability/sentence.h"

#include <algorithm>

#include <fmt/format.h>

#include "checker/history/brief.h"
#include "checker/linearizability/collection_sentence.h"
#include "checker/linearizability/lock_sentence.h"
#include "checker/linearizability/queue_sentence.h"
#include "checker/linearizability/text_sentence.h"
#include "checker/models/register.h"

namespace sunder::checker {

namespace {

using history::brief;
using history::Operation;
using history::Outcome;
using history::Value;

/// The value that a register's operation read; null for a write.
const Value* seen_by(const Operation& operation) {
  if (operation.f == "write") return nullptr;
  return &Register::seen_by(operation);
}

/// The value of the register after the operation.
const Value& left_by(const Operation& operation) {
  return Register::observes(operation) ? operation.result : Register::written_by(operation);
}

std::string seeing(const Operation& operation) {
  const auto value = brief(*seen_by(operation));
  if (operation.f == "read") return fmt::format("{} read {}", name_of_client(operation), value);
  if (is_refusal(operation))
    return fmt::format("{}'s {}", name_of_client(operation), label_of(operation));
  return fmt::format("{}'s {} found {}", name_of_client(operation), label_of(operation), value);
}

/// "client 5's write of 21 had returned", "client 4 had read 21"
std::string having(const Operation& operation) {
  if (operation.f == "read") {
    return fmt::format("{} had read {}", name_of_client(operation), brief(operation.result));
  }
  if (operation.f == "write") {
    return fmt::format("{}'s write of {} had returned", name_of_client(operation),
                       brief(operation.argument));
  }
  return fmt::format("{}'s {} had returned", name_of_client(operation), label_of(operation));
}

std::string label_of_cas(const Operation& cas) {
  const auto& pair = *cas.argument.list();
  return fmt::format("cas {} -> {}", brief(pair[0]), brief(pair[1]));
}

/// The sentence about a register, from the most specific one that applies.
class RegisterSentence {
 public:
  RegisterSentence(const Counterexample& counterexample, const Value& initial)
      : operations_(counterexample.operations),
        initial_(initial),
        culprit_(operations_[counterexample.culprit]),
        from_any_state_(counterexample.from_any_state) {}

  std::string text() const {
    if (seen_by(culprit_) == nullptr) return {};
    if (is_refusal(culprit_) && culprit_.result == Register::expected_by(culprit_)) {
      return fmt::format("{}'s {} was refused, although it found {}, which it expected",
                         name_of_client(culprit_), label_of_cas(culprit_), brief(culprit_.result));
    }
    if (const auto* rival = rival_cas()) {
      return fmt::format("{} and {} both took the value {}, which was there only once",
                         name_of_client(*rival) + "'s " + label_of(*rival),
                         name_of_client(culprit_) + "'s " + label_of(culprit_),
                         brief(*seen_by(culprit_)));
    }
    if (!from_any_state_) {
      auto source = without_source();
      if (!source.empty()) return source;
    }
    if (const auto* newer = newer_than_seen()) {
      const bool lost = *seen_by(culprit_) == initial_ && !Register::observes(*newer);
      return fmt::format("{} after {}{}", seeing(culprit_), having(*newer),
                         lost ? ": the write was lost" : "");
    }
    return {};
  }

 private:
  const Operation* rival_cas() const {
    if (culprit_.f != "cas" || is_refusal(culprit_)) return nullptr;
    int writers = 0;
    const Operation* rival = nullptr;
    for (const auto& operation : operations_) {
      if (!Register::observes(operation) && left_by(operation) == *seen_by(culprit_)) ++writers;
      if (&operation != &culprit_ && operation.f == "cas" && !is_refusal(operation) &&
          must_happen(operation) && *seen_by(operation) == *seen_by(culprit_)) {
        rival = &operation;
      }
    }
    return writers <= 1 ? rival : nullptr;
  }

  /// The sentence about a value that no operation wrote in time; empty if one did.
  std::string without_source() const {
    const auto& value = *seen_by(culprit_);
    if (value == initial_) return {};
    const Operation* too_late = nullptr;
    for (const auto& operation : operations_) {
      if (Register::observes(operation) || left_by(operation) != value) continue;
      if (operation.invoked < culprit_.returned && &operation != &culprit_) return {};
      too_late = &operation;
    }
    if (too_late == nullptr || too_late == &culprit_) {
      return fmt::format("{}, which nobody had written", seeing(culprit_));
    }
    return fmt::format("{} before {} invoked its {}", seeing(culprit_), name_of_client(*too_late),
                       label_of(*too_late));
  }

  /// Of the operations that returned before the culprit began and left another value, the last.
  const Operation* newer_than_seen() const {
    const Operation* newer = nullptr;
    for (const auto& operation : operations_) {
      if (!must_happen(operation) || operation.returned > culprit_.invoked) continue;
      if (left_by(operation) == *seen_by(culprit_)) continue;
      const bool is_write = !Register::observes(operation);
      const bool was_write = newer != nullptr && !Register::observes(*newer);
      if (newer == nullptr || is_write > was_write ||
          (is_write == was_write && operation.returned > newer->returned)) {
        newer = &operation;
      }
    }
    return newer;
  }

  const std::vector<Operation>& operations_;
  const Value& initial_;
  const Operation& culprit_;
  bool from_any_state_;
};

}  // namespace

std::string name_of_client(const Operation& operation) {
  return fmt::format("client {}", static_cast<std::int64_t>(operation.process));
}

std::string label_of(const Operation& operation, std::span<const Value* const> focus) {
  const auto* pair = operation.argument.list();
  if (operation.f == "cas" && pair != nullptr && pair->size() == 2) {
    if (!is_refusal(operation)) return label_of_cas(operation);
    return fmt::format("refused {} found {}", label_of_cas(operation), brief(operation.result));
  }
  std::string label = operation.f;
  if (operation.f == "read") {
    if (operation.outcome == Outcome::ok) label += " " + brief(operation.result, focus);
    return label;
  }
  if (operation.f == "dequeue" && is_answered(operation) && operation.result.is_nil()) {
    return is_refusal(operation) ? "refused dequeue: empty" : "dequeue: empty";
  }
  if (!operation.argument.is_nil()) label += " " + brief(operation.argument, focus);
  if (operation.outcome == Outcome::ok && operation.result != operation.argument) {
    label += " -> " + brief(operation.result, focus);
  }
  return label;
}

std::vector<const Value*> written_in(const std::vector<Operation>& operations) {
  std::vector<const Value*> written;
  for (const auto& operation : operations) {
    if (operation.f != "read" && operation.f != "cas" && !operation.argument.is_nil()) {
      written.push_back(&operation.argument);
    }
  }
  return written;
}

std::size_t culprit_of(const std::vector<Operation>& operations, const ErasedModel& model) {
  std::size_t culprit = 0;
  int best_rank = -1;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (!must_happen(operations[i])) continue;
    // What is legal in every state is never to blame.
    const bool is_legal =
        model.role(operations[i]) == Role::overwriter || operations[i].f == "enqueue";
    const int rank = is_legal ? 0 : 1;
    const bool later = operations[i].returned > operations[culprit].returned;
    if (rank > best_rank || (rank == best_rank && later)) {
      culprit = i;
      best_rank = rank;
    }
  }
  return culprit;
}

std::string sentence_about(const Counterexample& counterexample, const ErasedModel& model) {
  if (counterexample.operations.empty()) return "the history is not linearizable";
  if (model.family() == Family::registers) {
    const auto initial = model.initial_value();
    auto sentence = RegisterSentence(counterexample, initial).text();
    if (!sentence.empty()) return sentence;
  }
  if (model.family() == Family::texts) {
    auto sentence = sentence_about_text(counterexample);
    if (!sentence.empty()) return sentence;
  } else if (!counterexample.elements.empty()) {
    auto sentence = sentence_about_collection(counterexample);
    if (!sentence.empty()) return sentence;
  }
  if (model.family() == Family::queues || model.family() == Family::bags) {
    auto sentence = sentence_about_queue(counterexample);
    if (!sentence.empty()) return sentence;
  }
  if (is_lock(model.family())) {
    auto sentence = sentence_about_lock(counterexample, model);
    if (!sentence.empty()) return sentence;
  }
  const auto& culprit = counterexample.operations[counterexample.culprit];
  const auto label = label_of(culprit, written_in(counterexample.operations));
  if (counterexample.operations.size() == 1) {
    return fmt::format("nothing explains {}'s \"{}\"", name_of_client(culprit), label);
  }
  return fmt::format("no order of these {} operations explains {}'s \"{}\"",
                     counterexample.operations.size(), name_of_client(culprit), label);
}

}  // namespace sunder::checker
