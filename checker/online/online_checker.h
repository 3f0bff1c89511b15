#pragma once
// Checks linearizability while a run goes on: fed event by event, it finds the first violation soon
// after it happened. It walks each key's history in batches and keeps, between them, every
// configuration that is still possible; what lies behind is forgotten, so memory stays flat.
// Invariant: a violation it reports is one. It may miss some: a key with too many possible
// configurations is given up, and left to the check of the whole run.
// Surprise: it lags behind by the longest open call, because what that will answer matters.

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
  explicit OnlineChecker(const ErasedModel& model, std::uint64_t max_configurations = 50'000);

  /// Events in their order. Those of the nemesis, and broken ones, are passed over: refusing a
  /// history is for the check of the whole.
  void observe(const history::Event& event);
  /// No more events come: what is open is never answered.
  void finish();

  /// The first violation, once there is one; nothing is checked after that.
  const std::optional<CheckResult>& violation() const { return violation_; }
  /// Keys that were too hard to follow.
  const std::vector<std::string>& given_up() const { return given_up_; }
  /// How many operations it remembers at the moment.
  std::size_t remembered_operations() const;

 private:
  /// One key. `operations` by invocation; the first `carried` of them were invoked in earlier
  /// batches, and `crossings` (numbers are places in `operations`) say what may have become of
  /// them.
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
    /// Counted from the first operation that the object ever had.
    history::Position invoked;
  };

  void invoke(const history::Event& event);
  void complete(const history::Event& event);
  void sweep(const std::string& key, Object& object);
  void carry_over(Object& object, const Problem& problem, history::Position edge,
                  std::vector<Crossing> crossings);
  void report(const std::string& key, const Object& object, const Problem& problem,
              std::uint32_t stuck);

  const ErasedModel& model_;
  std::uint64_t max_configurations_;
  std::map<std::string, Object> objects_;
  std::unordered_map<std::int64_t, Open> open_;
  history::Position position_ = 0;
  std::optional<CheckResult> violation_;
  std::vector<std::string> given_up_;
};

}  // namespace sunder::checker
