#pragma once
// Checks linearizability during a run: it takes events one by one and finds the first violation
// soon after it happened. It checks each key's history in batches and keeps every configuration
// that is possible at the end of a batch, and nothing before it, so its memory does not grow.
// Invariant: every violation that it reports is one. It may miss some: a key with too many possible
// configurations is left to the check of the whole run.
// Surprise: it waits for the longest open call, because that call's result matters.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "checker/history/event.h"
#include "checker/linearizability/erased_model.h"
#include "checker/linearizability/search.h"
#include "checker/verdict.h"

namespace sunder::checker {

class OnlineChecker {
 public:
  /// The model must outlive it.
  explicit OnlineChecker(const ErasedModel& model, std::uint64_t max_configurations = 50'000,
                         std::size_t batch_events = 256);

  /// Takes the events in order. Ignores the nemesis' events and malformed ones, which the check of
  /// the whole run rejects.
  void observe(const history::Event& event);
  /// Call it after the last event. Open operations are `info` then.
  void finish();

  /// The first violation, or null. Nothing is checked after the first one.
  const std::optional<CheckResult>& violation() const { return violation_; }
  /// The number of keys with too many possible configurations.
  const std::vector<std::string>& given_up() const { return given_up_; }
  /// The number of operations in memory.
  std::size_t remembered_operations() const;

 private:
  /// One key. `operations` are sorted by invocation. The first `carried` of them were invoked in
  /// earlier batches; `crossings`, whose numbers are indexes in `operations`, say which of those
  /// may have taken effect.
  struct Object {
    std::deque<history::Operation> operations;
    std::vector<bool> answered;
    std::size_t carried = 0;
    std::unique_ptr<Automaton> automaton;
    std::vector<Crossing> crossings;
    std::size_t events = 0;
    bool is_given_up = false;
  };
  struct Open {
    Object* object;
    /// Counted from the object's first operation.
    history::Position invoked;
  };

  void invoke(const history::Event& event);
  void complete(const history::Event& event);
  void split_drain(Object& object, std::size_t place);
  void sweep(const std::string& key, Object& object);
  void carry_over(Object& object, const Problem& problem, history::Position edge,
                  std::vector<Crossing> crossings);
  void report(const std::string& key, const Object& object, const Problem& problem,
              std::uint32_t stuck);

  const ErasedModel& model_;
  std::uint64_t max_configurations_;
  /// Events of a key in a batch.
  std::size_t batch_events_;
  /// Without limits: `max_configurations_` limits a sweep.
  Budget budget_;
  std::map<std::string, Object> objects_;
  std::unordered_map<std::int64_t, Open> open_;
  history::Position position_ = 0;
  std::optional<CheckResult> violation_;
  std::vector<std::string> given_up_;
};

}  // namespace sunder::checker
