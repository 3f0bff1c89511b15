#include "checker/linearizability/queue_sentence.h"

#include <algorithm>

#include <fmt/format.h>

#include "checker/history/brief.h"
#include "checker/linearizability/conflict.h"
#include "checker/linearizability/sentence.h"

namespace sunder::checker {

namespace {

using history::brief;
using history::Operation;
using history::Value;

std::string taker_of(const Operation& operation) {
  return fmt::format("{}'s {}", name_of_client(operation), operation.f);
}

/// What it took; null if it found nothing or was not answered.
const Value* value_taken_by(const Operation& operation) {
  if (!is_taking(operation) || !is_answered(operation)) return nullptr;
  const auto* drained = operation.result.list();
  if (operation.f != "drain" || drained == nullptr) {
    return operation.result.is_nil() ? nullptr : &operation.result;
  }
  return drained->empty() ? nullptr : &drained->front();
}

class QueueSentence {
 public:
  explicit QueueSentence(const Counterexample& counterexample)
      : counterexample_(counterexample),
        operations_(counterexample.operations),
        culprit_(operations_[counterexample.culprit]) {}

  std::string text() const {
    if (!is_taking(culprit_) || !is_answered(culprit_)) return {};
    const auto* value = value_taken_by(culprit_);
    if (value == nullptr) return about_nothing();
    auto sentence = about_source(*value);
    return sentence.empty() ? about_overtaken(*value) : sentence;
  }

 private:
  const Operation* enqueue_of(const Value& value) const {
    return first(
        [&](const Operation& each) { return each.f == "enqueue" && each.argument == value; });
  }

  /// The first answered dequeue of the value but the culprit; null if there is none.
  const Operation* other_taker_of(const Value& value) const {
    return first([&](const Operation& each) {
      const auto* taken = value_taken_by(each);
      return &each != &culprit_ && must_happen(each) && taken != nullptr && *taken == value;
    });
  }

  template <typename Holds>
  const Operation* first(const Holds& holds) const {
    const auto found = std::find_if(operations_.begin(), operations_.end(), holds);
    return found == operations_.end() ? nullptr : &*found;
  }

  std::string_view took() const { return culprit_.f == "drain" ? "took" : "returned"; }

  /// Nobody enqueued the value so often, or so early.
  std::string about_source(const Value& value) const {
    const auto* enqueue = enqueue_of(value);
    if (enqueue == nullptr) {
      return fmt::format("{} {} {}, which nobody had enqueued", taker_of(culprit_), took(),
                         brief(value));
    }
    const auto enqueues = std::count_if(
        operations_.begin(), operations_.end(),
        [&](const Operation& each) { return each.f == "enqueue" && each.argument == value; });
    const auto* other = other_taker_of(value);
    if (other != nullptr) {
      return fmt::format("{} {} {}, which {} had taken too: it was enqueued {}", taker_of(culprit_),
                         took(), brief(value), taker_of(*other),
                         enqueues == 1 ? "once" : fmt::format("{} times", enqueues));
    }
    if (enqueue->invoked < culprit_.returned) return {};
    return fmt::format("{} {} {} before {} was invoked", taker_of(culprit_), took(), brief(value),
                       taker_of(*enqueue));
  }

  /// Of first in, first out: a value was there before the culprit's, and came out later or never.
  std::string about_overtaken(const Value& value) const {
    const auto& enqueue = *enqueue_of(value);
    const auto* earlier = first([&](const Operation& each) {
      return each.f == "enqueue" && must_happen(each) && each.returned < enqueue.invoked;
    });
    if (earlier == nullptr) return about_later(value);
    const auto* dequeue = other_taker_of(earlier->argument);
    return order_sentence(culprit_, value, *earlier, enqueue,
                          dequeue == nullptr ? ", which nobody dequeued" : "") +
           counts("overtaken");
  }

  /// The culprit came too late: another dequeue had returned a value that was behind the culprit's.
  std::string about_later(const Value& value) const {
    const auto& enqueue = *enqueue_of(value);
    for (const auto& each : operations_) {
      const auto* taken = value_taken_by(each);
      if (&each == &culprit_ || taken == nullptr || each.returned > culprit_.invoked) continue;
      const auto* behind = enqueue_of(*taken);
      if (behind == nullptr || enqueue.returned > behind->invoked) continue;
      return order_sentence(each, *taken, enqueue, *behind,
                            fmt::format(", which {} returned only later", taker_of(culprit_)));
    }
    return {};
  }

  static std::string order_sentence(const Operation& early, const Value& value,
                                    const Operation& first_in, const Operation& second_in,
                                    std::string_view fate) {
    return fmt::format(
        "{} returned {} before {}{}, although {} of {} had returned before {} of {} "
        "began",
        taker_of(early), brief(value), brief(first_in.argument), fate, taker_of(first_in),
        brief(first_in.argument), taker_of(second_in), brief(second_in.argument));
  }

  /// "; 5 values were overtaken, 4 unanswered dequeues could have taken some of them"
  std::string counts(std::string_view what) const {
    if (!counterexample_.shortfall) return {};
    const auto& [values, dequeues] = *counterexample_.shortfall;
    return fmt::format("; {} values were {}, and {} unanswered dequeue{} can have taken {} of them",
                       values, what, dequeues, dequeues == 1 ? "" : "s", dequeues);
  }

  /// A dequeue or drain found nothing.
  std::string about_nothing() const {
    const bool is_drain = culprit_.f == "drain";
    const std::string found =
        is_drain ? fmt::format("{} left the queue empty", taker_of(culprit_))
                 : fmt::format("{} {} empty", taker_of(culprit_),
                               is_refusal(culprit_) ? "was refused because the queue was"
                                                    : "found the queue");
    const auto* there = first([&](const Operation& each) {
      return each.f == "enqueue" && must_happen(each) && each.returned < culprit_.invoked &&
             !is_taken_in_time(each.argument);
    });
    if (there == nullptr) {
      return found + ", although at each moment of it a value was certainly there";
    }
    const bool is_lost = is_drain && other_taker_of(there->argument) == nullptr;
    return fmt::format("{} after {} of {} had returned{}", found, taker_of(*there),
                       brief(there->argument), is_lost ? ": nobody took it" : "") +
           counts("there");
  }

  bool is_taken_in_time(const Value& value) const {
    return first([&](const Operation& each) {
             const auto* taken = value_taken_by(each);
             return taken != nullptr && each.invoked < culprit_.returned && *taken == value;
           }) != nullptr;
  }

  const Counterexample& counterexample_;
  const std::vector<Operation>& operations_;
  const Operation& culprit_;
};

}  // namespace

std::string sentence_about_queue(const Counterexample& counterexample) {
  return QueueSentence(counterexample).text();
}

}  // namespace sunder::checker
