#include "checker/linearizability/linearizable.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <set>
#include <thread>
#include <unordered_map>

#include <fmt/format.h>

#include "checker/history/brief.h"
#include "checker/invariant.h"
#include "checker/linearizability/decide.h"
#include "checker/linearizability/explain.h"
#include "checker/linearizability/sentence.h"
#include "checker/linearizability/staleness.h"
#include "checker/linearizability/whole_history.h"
#include "checker/linearizability/witness.h"
#include "checker/objects/drains.h"
#include "checker/objects/fates.h"

namespace sunder::checker {

namespace {

using history::History;
using history::Operation;

/// Time limit for the minimization.
constexpr std::chrono::seconds explain_time{5};
/// The time in which every key is tried before hard keys get more.
constexpr std::chrono::seconds first_try{1};

struct Object {
  std::string_view key;
  std::vector<const Operation*> operations;
  Decision decision;
};

void refuse_foreign(const History& history, const ErasedModel& model, Budget& budget) {
  for (const auto& operation : history.operations) {
    budget.spend();
    if (model.role(operation) != Role::foreign) continue;
    throw history::AssumptionBroken(
        history.place_of(operation.invoked),
        fmt::format("the model {} has no operation {} with value {}", model.name(),
                    history::printable_line(operation.f), history::brief(operation.argument)));
  }
}

/// By first appearance of their keys.
std::vector<Object> split(const History& history, const ErasedModel& model, Budget& budget) {
  std::vector<Object> objects;
  std::unordered_map<std::string_view, std::size_t> by_key;
  std::size_t current = 0;
  for (const auto& operation : history.operations) {
    budget.spend();
    if (is_void(operation)) continue;
    if (history.nil_reads_are_unknown && operation.result.is_nil() &&
        model.role(operation) == Role::observer) {
      continue;
    }
    const std::string_view key = model.per_key() ? std::string_view(operation.key) : "";
    if (objects.empty() || objects[current].key != key) {
      const auto [at, is_new] = by_key.try_emplace(key, objects.size());
      if (is_new) objects.push_back({key, {}, {}});
      current = at->second;
    }
    objects[current].operations.push_back(&operation);
  }
  return objects;
}

/// Decides the undecided keys, on several threads.
void decide_all(std::vector<Object>& objects, const ErasedModel& model, unsigned threads,
                const Budget& budget, Asked asked) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> one_is_invalid{false};
  const auto own_budget = budget.unless(one_is_invalid);
  const auto work = [&] {
    for (auto i = next.fetch_add(1); i < objects.size(); i = next.fetch_add(1)) {
      if (objects[i].decision.validity != Validity::unknown) continue;
      objects[i].decision = decide(objects[i].operations, model, own_budget, asked);
      if (objects[i].decision.validity == Validity::invalid) one_is_invalid = true;
    }
  };
  std::vector<std::jthread> helpers;
  for (unsigned i = 1; i < threads; ++i) helpers.emplace_back(work);
  work();
}

/// Easy keys first: one invalid key makes the result invalid, however hard the others are.
void decide_all(std::vector<Object>& objects, const ErasedModel& model,
                const LinearizabilityOptions& options) {
  unsigned threads = options.threads != 0 ? options.threads : std::thread::hardware_concurrency();
  threads =
      std::clamp(threads, 1U, static_cast<unsigned>(std::max<std::size_t>(1, objects.size())));
  const auto now = std::chrono::steady_clock::now();
  const auto budget = options.budget.shared_by(threads);
  const auto asked = options.witness == nullptr ? Asked::verdict : Asked::order;
  if (objects.size() > 1 && budget.deadline() - now > first_try) {
    decide_all(objects, model, threads, budget.until(now + first_try), asked);
  }
  const auto is_invalid = [](const Object& object) {
    return object.decision.validity == Validity::invalid;
  };
  if (std::any_of(objects.begin(), objects.end(), is_invalid)) return;
  decide_all(objects, model, threads, budget, asked);
}

std::string of_key(const Object& object) {
  return object.key.empty() ? std::string() : " of key " + history::brief_text(object.key);
}

std::string procedures_of(const std::vector<Object>& objects) {
  std::set<std::string_view> names;
  for (const auto& object : objects) names.insert(object.decision.procedure);
  return fmt::format("{}", fmt::join(names, " and "));
}

/// "; 3 keys are not linearizable". With "at least" if other keys were not decided.
std::string and_more_keys(const std::vector<Object>& objects) {
  const auto count = [&](Validity validity) {
    return std::count_if(objects.begin(), objects.end(), [validity](const Object& object) {
      return object.decision.validity == validity;
    });
  };
  const auto invalid = count(Validity::invalid);
  if (invalid <= 1) return {};
  return fmt::format("; {}{} keys are not linearizable",
                     count(Validity::unknown) > 0 ? "at least " : "", invalid);
}

/// If there was no memory for a proof: the operation at which it shows.
std::string unproved(const Object& object) {
  const auto end = object.decision.conflict_end;
  const auto culprit = std::find_if(object.operations.begin(), object.operations.end(),
                                    [end](const Operation* each) { return each->returned == end; });
  const auto where =
      culprit == object.operations.end()
          ? std::string("the operations are not linearizable")
          : fmt::format("no order explains client {}'s \"{}\"",
                        static_cast<std::int64_t>((*culprit)->process), label_of(**culprit));
  return where + ", but time or memory ran out before a proof could be shown";
}

/// How stale reads are: of all keys, and of the culprit.
void add_staleness(CheckResult& result, Counterexample& counterexample,
                   const std::vector<Object>& objects, const ErasedModel& model, Budget budget) {
  const auto initial = model.initial_value();
  const auto& culprit = counterexample.operations[counterexample.culprit];
  std::vector<StaleRead> reads;
  try {
    for (const auto& object : objects) {
      const auto found = stale_reads(object.operations, initial, budget);
      reads.insert(reads.end(), found.begin(), found.end());
    }
  } catch (const BudgetSpent&) {
    return;
  }
  const auto of_culprit = std::find_if(reads.begin(), reads.end(), [&](const StaleRead& each) {
    return each.read->invoked == culprit.invoked;
  });
  if (of_culprit != reads.end()) {
    counterexample.stale = of_culprit->stale;
    // The sentence names the write already if it was one.
    const auto& stale = of_culprit->stale;
    if (stale.age.count() > 0 || stale.writes > 1) counterexample.sentence += "; " + text_of(stale);
  }
  result.staleness = staleness_of(std::move(reads));
}

/// Into `lines`, if all keys have an order. Says in the message if there is none.
void write_witness(std::string& lines, CheckResult& result, const std::vector<Object>& objects,
                   const ErasedModel& model, Budget& budget) {
  std::vector<EffectOrder> orders;
  try {
    for (const auto& object : objects) {
      if (!object.decision.order) throw BudgetSpent("time or memory ran out");
      auto& order = orders.emplace_back(EffectOrder{object.operations, {}});
      for (const auto place : *object.decision.order) {
        order.order.push_back(object.operations[place]);
      }
      const auto flaw = flaw_of(order, model, budget);
      CHECK(flaw.empty(), "the witness{} is wrong: {}", of_key(object), flaw);
    }
    lines = witness_lines(orders, model, budget);
  } catch (const BudgetSpent& spent) {
    lines.clear();
    result.message += fmt::format("; {} before a witness was found", spent.what());
  }
}

/// Of sets, lists and queues. Before their drains are split.
std::optional<Fates> count_fates(const std::vector<Object>& objects, const ErasedModel& model,
                                 const Budget& budget) {
  const bool are_elements = model.family() == Family::sets || model.family() == Family::lists;
  const bool are_messages = model.family() == Family::queues || model.family() == Family::bags;
  if (!are_elements && !are_messages) return std::nullopt;
  std::vector<std::vector<const Operation*>> keys;
  for (const auto& object : objects) keys.push_back(object.operations);
  return fates_of(keys, are_messages ? Contents::messages : Contents::elements,
                  budget.at_most(explain_time));
}

void report_invalid(CheckResult& result, Object& object, const std::vector<Object>& objects,
                    const History& history, const ErasedModel& model, const Budget& budget) {
  result.procedure = object.decision.procedure;
  if (object.decision.conflict.operations.empty()) {
    result.message = unproved(object);
  } else {
    auto counterexample =
        explain(std::move(object.decision.conflict), model, budget.at_most(explain_time));
    counterexample.key = object.key;
    add_what_the_history_knows(counterexample, history.operations, model.initial_value(),
                               budget.at_most(explain_time));
    add_staleness(result, counterexample, objects, model, budget.at_most(explain_time));
    result.message = counterexample.sentence;
    result.counterexample = std::move(counterexample);
  }
  if (!object.key.empty())
    result.message += fmt::format(" (key {})", history::brief_text(object.key));
  result.message += and_more_keys(objects);
  if (result.counterexample && !result.counterexample->is_minimal) {
    result.message += "; time or memory ran out before a smaller proof was found";
  }
}

CheckResult check_within(const History& history, const ErasedModel& model,
                         const LinearizabilityOptions& options) {
  auto budget = options.budget;
  refuse_foreign(history, model, budget);
  auto objects = split(history, model, budget);
  CheckResult result;
  result.fates = count_fates(objects, model, budget);
  std::size_t operations = 0;
  std::deque<Operation> parts;
  for (auto& object : objects) {
    operations += object.operations.size();
    if (model.family() == Family::bags) split_drains(object.operations, parts, budget);
  }
  decide_all(objects, model, options);

  result.procedure = procedures_of(objects);
  Object* worst = nullptr;
  for (auto& object : objects) {
    if (worst == nullptr || object.decision.validity > worst->decision.validity) worst = &object;
  }
  if (worst != nullptr) result.validity = worst->decision.validity;
  if (result.validity == Validity::invalid) {
    report_invalid(result, *worst, objects, history, model, budget);
  } else if (result.validity == Validity::unknown) {
    result.message = fmt::format(
        "{}: the first {} of {} operations{} are linearizable", worst->decision.gave_up_because,
        worst->decision.decided_operations, worst->operations.size(), of_key(*worst));
  } else {
    result.message =
        fmt::format("{} operations of {} keys are linearizable", operations, objects.size());
    if (options.witness != nullptr) write_witness(*options.witness, result, objects, model, budget);
  }
  return result;
}

}  // namespace

CheckResult check_linearizability(const History& history, const ErasedModel& model,
                                  const LinearizabilityOptions& options) {
  CheckResult result;
  try {
    result = check_within(history, model, options);
  } catch (const BudgetSpent& spent) {
    result.validity = Validity::unknown;
    result.message = fmt::format("{} before any of {} operations was decided", spent.what(),
                                 history.operations.size());
  }
  result.name = "linearizable";
  return result;
}

}  // namespace sunder::checker
