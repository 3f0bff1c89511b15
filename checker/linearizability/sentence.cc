#include "checker/linearizability/sentence.h"

#include <fmt/format.h>

#include "checker/models/register.h"

namespace sunder::checker {

namespace {

using history::Operation;
using history::Outcome;
using history::Value;

std::string client_of(const Operation& operation) {
  return fmt::format("client {}", static_cast<std::int64_t>(operation.process));
}

/// The value that a register's operation read; null for a write.
const Value* seen_by(const Operation& operation) {
  if (operation.f == "read") return &operation.result;
  if (operation.f == "cas") return &Register::expected_by(operation);
  return nullptr;
}

/// The value of the register after the operation.
const Value& left_by(const Operation& operation) {
  return operation.f == "read" ? operation.result : Register::written_by(operation);
}

std::string seeing(const Operation& operation) {
  const auto value = to_json(*seen_by(operation));
  if (operation.f == "read") return fmt::format("{} read {}", client_of(operation), value);
  return fmt::format("{}'s {} found {}", client_of(operation), label_of(operation), value);
}

/// "client 5's write of 21 had returned", "client 4 had read 21"
std::string having(const Operation& operation) {
  if (operation.f == "read") {
    return fmt::format("{} had read {}", client_of(operation), to_json(operation.result));
  }
  if (operation.f == "write") {
    return fmt::format("{}'s write of {} had returned", client_of(operation),
                       to_json(operation.argument));
  }
  return fmt::format("{}'s {} had returned", client_of(operation), label_of(operation));
}

/// The sentence about a register, from the most specific one that applies.
class RegisterSentence {
 public:
  explicit RegisterSentence(const Counterexample& counterexample)
      : operations_(counterexample.operations),
        culprit_(operations_[counterexample.culprit]),
        from_any_state_(counterexample.from_any_state) {}

  std::string text() const {
    if (seen_by(culprit_) == nullptr) return {};
    if (const auto* rival = rival_cas()) {
      return fmt::format("{} and {} both took the value {}, which was there only once",
                         client_of(*rival) + "'s " + label_of(*rival),
                         client_of(culprit_) + "'s " + label_of(culprit_),
                         to_json(*seen_by(culprit_)));
    }
    if (!from_any_state_) {
      auto source = without_source();
      if (!source.empty()) return source;
    }
    if (const auto* newer = newer_than_seen()) {
      const bool lost = seen_by(culprit_)->is_nil() && newer->f != "read";
      return fmt::format("{} after {}{}", seeing(culprit_), having(*newer),
                         lost ? ": the write was lost" : "");
    }
    return {};
  }

 private:
  const Operation* rival_cas() const {
    if (culprit_.f != "cas") return nullptr;
    int writers = 0;
    const Operation* rival = nullptr;
    for (const auto& operation : operations_) {
      if (operation.f != "read" && left_by(operation) == *seen_by(culprit_)) ++writers;
      if (&operation != &culprit_ && operation.f == "cas" && must_happen(operation) &&
          *seen_by(operation) == *seen_by(culprit_)) {
        rival = &operation;
      }
    }
    return writers <= 1 ? rival : nullptr;
  }

  /// The sentence about a value that no operation wrote in time; empty if one did.
  std::string without_source() const {
    const auto& value = *seen_by(culprit_);
    if (value.is_nil()) return {};
    const Operation* too_late = nullptr;
    for (const auto& operation : operations_) {
      if (operation.f == "read" || left_by(operation) != value) continue;
      if (operation.invoked < culprit_.returned && &operation != &culprit_) return {};
      too_late = &operation;
    }
    if (too_late == nullptr || too_late == &culprit_) {
      return fmt::format("{}, which nobody had written", seeing(culprit_));
    }
    return fmt::format("{} before {} invoked its {}", seeing(culprit_), client_of(*too_late),
                       label_of(*too_late));
  }

  /// Of the operations that returned before the culprit began and left another value, the last.
  const Operation* newer_than_seen() const {
    const Operation* newer = nullptr;
    for (const auto& operation : operations_) {
      if (!must_happen(operation) || operation.returned > culprit_.invoked) continue;
      if (left_by(operation) == *seen_by(culprit_)) continue;
      const bool is_write = operation.f != "read";
      const bool was_write = newer != nullptr && newer->f != "read";
      if (newer == nullptr || is_write > was_write ||
          (is_write == was_write && operation.returned > newer->returned)) {
        newer = &operation;
      }
    }
    return newer;
  }

  const std::vector<Operation>& operations_;
  const Operation& culprit_;
  bool from_any_state_;
};

}  // namespace

std::string label_of(const Operation& operation) {
  const auto* pair = operation.argument.list();
  if (operation.f == "cas" && pair != nullptr && pair->size() == 2) {
    return fmt::format("cas {} -> {}", to_json((*pair)[0]), to_json((*pair)[1]));
  }
  std::string label = operation.f;
  if (operation.f == "read") {
    if (operation.outcome == Outcome::ok) label += " " + to_json(operation.result);
    return label;
  }
  if (!operation.argument.is_nil()) label += " " + to_json(operation.argument);
  if (operation.outcome == Outcome::ok && operation.result != operation.argument) {
    label += " -> " + to_json(operation.result);
  }
  return label;
}

std::size_t culprit_of(const std::vector<Operation>& operations, const ErasedModel& model) {
  std::size_t culprit = 0;
  int best_rank = -1;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (!must_happen(operations[i])) continue;
    // An overwriter is legal in every state, so it is never to blame.
    const int rank = model.role(operations[i]) == Role::overwriter ? 0 : 1;
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
    auto sentence = RegisterSentence(counterexample).text();
    if (!sentence.empty()) return sentence;
  }
  const auto& culprit = counterexample.operations[counterexample.culprit];
  return fmt::format("no order of these {} operations explains {}'s \"{}\"",
                     counterexample.operations.size(), client_of(culprit), label_of(culprit));
}

}  // namespace sunder::checker
