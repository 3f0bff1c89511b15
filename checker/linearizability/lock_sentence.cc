#include "checker/linearizability/lock_sentence.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/history/brief.h"
#include "checker/linearizability/sentence.h"
#include "checker/models/owned_locks.h"

namespace sunder::checker {

namespace {

using history::Operation;

class LockSentence {
 public:
  LockSentence(const Counterexample& counterexample, const ErasedModel& model)
      : operations_(counterexample.operations),
        culprit_(operations_[counterexample.culprit]),
        has_owners_(model.family() != Family::locks),
        has_tokens_(model.family() == Family::fenced_locks),
        thing_(model.permits() > 1 ? "a permit" : "the lock"),
        permits_(model.permits()) {}

  std::string text() const {
    if (has_tokens_ && culprit_.f == "acquire") {
      auto sentence = about_tokens();
      if (!sentence.empty()) return sentence;
    }
    if (has_owners_) {
      auto sentence = about_release_without_answered_acquire();
      if (!sentence.empty()) return sentence;
    }
    return culprit_.f == "acquire" ? about_acquire() : about_release();
  }

 private:
  /// "client 3"; with the name that the history gives it: "client 3 (c1)".
  std::string who(const Operation& operation) const {
    const auto named = has_owners_ ? named_owner(operation) : history::Value();
    auto client = name_of_client(operation);
    if (named.is_nil()) return client;
    return fmt::format(
        "{} (owner {})", client,
        named.text() != nullptr ? history::printable_line(*named.text()) : history::brief(named));
  }

  std::string who(const std::vector<const Operation*>& operations) const {
    std::vector<std::string> names;
    for (const auto* each : operations) names.push_back(who(*each));
    return fmt::format("{}", fmt::join(names, " and "));
  }

  template <typename Is>
  std::vector<const Operation*> others(const Is& is) const {
    std::vector<const Operation*> found;
    for (const auto& each : operations_) {
      if (&each != &culprit_ && is(each)) found.push_back(&each);
    }
    return found;
  }

  static bool acquires(const Operation& operation) { return operation.f == "acquire"; }
  static bool releases(const Operation& operation) { return operation.f == "release"; }

  std::string about_tokens() const {
    const auto* token = token_in(culprit_.result);
    for (const auto& each : operations_) {
      if (&each == &culprit_ || !acquires(each) || !must_happen(each)) continue;
      const auto* other = token_in(each.result);
      if (other == nullptr || token == nullptr) continue;
      if (*other == *token) {
        return fmt::format("{} and {} both acquired the lock with token {}", who(each),
                           who(culprit_), *token);
      }
      if (*other < *token || each.returned > culprit_.invoked) continue;
      return fmt::format(
          "{} acquired the lock with token {} after {} had acquired it with token "
          "{}: tokens must grow",
          who(culprit_), *token, who(each), *other);
    }
    return {};
  }

  /// An owner's release shows that it held the lock, although another one held it all the time.
  std::string about_release_without_answered_acquire() const {
    for (const auto& each : operations_) {
      if (!releases(each) || !must_happen(each)) continue;
      const auto is_own = [&](const Operation& other) {
        return acquires(other) && owner_of(other) == owner_of(each);
      };
      const auto own = std::find_if(operations_.begin(), operations_.end(), is_own);
      const bool is_answered_acquire =
          std::any_of(operations_.begin(), operations_.end(),
                      [&](const Operation& other) { return is_own(other) && must_happen(other); });
      if (own == operations_.end() || is_answered_acquire) continue;
      std::vector<const Operation*> holders;
      for (const auto& other : operations_) {
        if (acquires(other) && must_happen(other)) holders.push_back(&other);
      }
      if (holders.empty()) continue;
      return fmt::format(
          "{} released {}, so its acquire without an answer had succeeded; but {} "
          "held {} all the time",
          who(each), thing_, who(holders), permits_ > 1 ? "them" : "it");
    }
    return {};
  }

  std::string about_acquire() const {
    const auto holders = others(acquires);
    const auto given_back = others(releases);
    if (holders.empty()) return {};
    const bool is_own =
        has_owners_ && holders.size() == 1 && owner_of(*holders.front()) == owner_of(culprit_);
    if (is_own && given_back.empty()) {
      return fmt::format(
          "{} acquired {}, which {} had acquired already and not released", who(culprit_), thing_,
          holders.front()->process == culprit_.process ? "it" : who(*holders.front()));
    }
    if (given_back.empty() || has_owners_) {
      const bool all_held = static_cast<std::int64_t>(holders.size()) == permits_;
      if (!all_held) return {};
      return fmt::format("{} acquired {} while {} held {}", who(culprit_), thing_, who(holders),
                         permits_ > 1 ? fmt::format("all {}", permits_) : "it");
    }
    return fmt::format("{} acquired {}: that is {} acquires, with {} {} in between at most",
                       who(culprit_), thing_, holders.size() + 1, given_back.size(),
                       given_back.size() == 1 ? "release" : "releases");
  }

  std::string about_release() const {
    const auto holders = others(acquires);
    const auto given_back = others(releases);
    if (has_owners_) {
      if (!given_back.empty()) return {};
      if (holders.empty())
        return fmt::format("{} released {} without holding it", who(culprit_), thing_);
      return fmt::format("{} released {}, which {} held", who(culprit_), thing_, who(holders));
    }
    if (!holders.empty()) {
      return fmt::format("{} released {}: that is {} releases, with {} {} in between at most",
                         who(culprit_), thing_, given_back.size() + 1, holders.size(),
                         holders.size() == 1 ? "acquire" : "acquires");
    }
    if (given_back.empty()) {
      return fmt::format("{} released {}, which nobody had acquired", who(culprit_), thing_);
    }
    return fmt::format("{} released {}, which nobody held: {} had released it", who(culprit_),
                       thing_, who(given_back));
  }

  const std::vector<Operation>& operations_;
  const Operation& culprit_;
  bool has_owners_;
  bool has_tokens_;
  std::string_view thing_;
  std::int64_t permits_;
};

}  // namespace

std::string sentence_about_lock(const Counterexample& counterexample, const ErasedModel& model) {
  return LockSentence(counterexample, model).text();
}

}  // namespace sunder::checker
