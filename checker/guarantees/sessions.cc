#include "checker/guarantees/sessions.h"

#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include <fmt/format.h>

#include "checker/guarantees/growing_registers.h"
#include "checker/guarantees/violation.h"

namespace sunder::checker {

using history::Operation;
using history::Outcome;

namespace {

constexpr std::string_view sessions_check = "session guarantees";

/// Why a session must see at least a number of a key.
struct Reason {
  std::int64_t number = 0;
  /// The operation of this session, or of the writer of what it read, that saw or wrote it.
  const Operation* known_by = nullptr;
  /// If the session only read what such a writer wrote: its write, and this session's read of it.
  const Operation* write = nullptr;
  const Operation* read = nullptr;
};

/// What a session knows, by key.
using Knowledge = std::map<std::string_view, Reason>;

void learn(Knowledge& knowledge, std::string_view key, const Reason& reason) {
  auto& known = knowledge[key];
  if (known.known_by == nullptr || known.number < reason.number) known = reason;
}

std::string_view guarantee_of(const Reason& reason) {
  const bool by_write = reason.known_by->f == "write";
  if (reason.read == nullptr) return by_write ? "read your writes" : "monotonic reads";
  return by_write ? "monotonic writes" : "writes follow reads";
}

std::string did(const Operation& operation) {
  return fmt::format("{} {}", operation.f == "write" ? "written" : "read", number_of(operation));
}

CheckResult broken(const Operation& read, const Reason& reason) {
  std::vector<Operation> proof{read, *reason.known_by};
  auto sentence = fmt::format("{}: client {} read {} of key {} ", guarantee_of(reason),
                              client(read), number_of(read), read.key.text());
  if (reason.read == nullptr) {
    sentence += fmt::format("after it had {}", did(*reason.known_by));
  } else {
    proof.push_back(*reason.write);
    proof.push_back(*reason.read);
    sentence += fmt::format(
        "after it had read {} of key {}, which client {} wrote when it had {} of key {}",
        number_of(*reason.read), reason.read->key.text(), client(*reason.write),
        did(*reason.known_by), reason.known_by->key.text());
  }
  return violation(sessions_check, std::move(proof), std::move(sentence));
}

class Sessions {
 public:
  Sessions(const history::History& history, Budget& budget)
      : history_(history), budget_(budget), writes_(history, budget) {}

  CheckResult judge() {
    for (const auto& [position, operation, is_return] :
         events_of_growing_registers(history_, budget_)) {
      auto& knowledge = sessions_[client(*operation)];
      budget_.spend(knowledge.size() * sizeof(Reason));
      if (!is_return) {
        // What the write may rely on is what its client knew when it sent it.
        if (operation->f == "write") before_[operation] = std::make_shared<Knowledge>(knowledge);
        continue;
      }
      if (operation->f == "write") {
        learn(knowledge, operation->key.text(), {number_of(*operation), operation});
        continue;
      }
      if (auto found = judge_read(*operation, knowledge)) return std::move(*found);
    }
    auto result = undecided(sessions_check);
    if (reads_ == 0) {
      result.message = "no read was answered";
      return result;
    }
    return holds(std::move(result), fmt::format("{} reads of {} sessions saw what they had to",
                                                reads_, sessions_.size()));
  }

 private:
  std::optional<CheckResult> judge_read(const Operation& read, Knowledge& knowledge) {
    ++reads_;
    if (auto flaw = writes_.flaw_of(read, sessions_check)) return flaw;
    const auto known = knowledge.find(read.key.text());
    if (known != knowledge.end() && number_of(read) < known->second.number) {
      return broken(read, known->second);
    }
    const auto* write = writes_.find(read.key, number_of(read));
    if (write != nullptr) learn_from(*write, read, knowledge);
    learn(knowledge, read.key.text(), {number_of(read), &read});
    return std::nullopt;
  }

  void learn_from(const Operation& write, const Operation& read, Knowledge& knowledge) {
    const auto before = before_.find(&write);
    if (before == before_.end()) return;
    budget_.spend(before->second->size() * sizeof(Reason));
    for (const auto& [key, reason] : *before->second) {
      // The operation of the last writer in a chain of causes stands for the chain.
      learn(knowledge, key, {reason.number, reason.known_by, &write, &read});
    }
  }

  const history::History& history_;
  Budget& budget_;
  Writes writes_;
  std::map<std::int64_t, Knowledge> sessions_;
  /// Of each write: what its client knew when it sent it.
  std::unordered_map<const Operation*, std::shared_ptr<const Knowledge>> before_;
  std::size_t reads_ = 0;
};

}  // namespace

CheckResult check_sessions(const history::History& history, Budget budget) {
  return within_budget(sessions_check, "reads", [&] { return Sessions(history, budget).judge(); });
}

}  // namespace sunder::checker
