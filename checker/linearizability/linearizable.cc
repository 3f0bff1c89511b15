#include "checker/linearizability/linearizable.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>
#include <unordered_map>

#include <fmt/format.h>

#include "checker/linearizability/decide.h"
#include "checker/linearizability/explain.h"

namespace sunder::checker {

namespace {

using history::History;
using history::Operation;
using history::Outcome;

/// Time limit for the minimization.
constexpr std::chrono::seconds explain_time{5};
/// The time in which every key is tried before hard keys get more.
constexpr std::chrono::seconds first_try{1};

struct Object {
  std::string_view key;
  std::vector<const Operation*> operations;
  Decision decision;
};

void refuse_foreign(const History& history, const ErasedModel& model) {
  for (const auto& operation : history.operations) {
    if (model.role(operation) != Role::foreign) continue;
    throw history::AssumptionBroken(
        history.place_of(operation.invoked),
        fmt::format("the model {} has no operation {} with value {}", model.name(), operation.f,
                    to_json(operation.argument)));
  }
}

/// By first appearance of their keys.
std::vector<Object> split(const History& history, const ErasedModel& model) {
  std::vector<Object> objects;
  std::unordered_map<std::string_view, std::size_t> by_key;
  std::size_t current = 0;
  for (const auto& operation : history.operations) {
    if (operation.outcome == Outcome::fail) continue;
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
                const Limits& limits) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> one_is_invalid{false};
  auto own_limits = limits;
  own_limits.is_moot = &one_is_invalid;
  const auto work = [&] {
    for (auto i = next.fetch_add(1); i < objects.size(); i = next.fetch_add(1)) {
      if (objects[i].decision.validity != Validity::unknown) continue;
      objects[i].decision = decide(objects[i].operations, model, own_limits);
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
  Limits limits;
  limits.memory_bytes = options.memory_bytes / threads;
  if (objects.size() > 1 && options.timeout > first_try) {
    limits.deadline = now + first_try;
    decide_all(objects, model, threads, limits);
  }
  const auto is_invalid = [](const Object& object) {
    return object.decision.validity == Validity::invalid;
  };
  if (std::any_of(objects.begin(), objects.end(), is_invalid)) return;
  limits.deadline = now + options.timeout;
  decide_all(objects, model, threads, limits);
}

std::string of_key(const Object& object) {
  return object.key.empty() ? std::string() : fmt::format(" of key \"{}\"", object.key);
}

std::string procedures_of(const std::vector<Object>& objects) {
  std::set<std::string_view> names;
  for (const auto& object : objects) names.insert(object.decision.procedure);
  return fmt::format("{}", fmt::join(names, " and "));
}

void report_invalid(CheckResult& result, const Object& object, std::size_t invalid,
                    const ErasedModel& model) {
  Limits limits;
  limits.deadline = std::chrono::steady_clock::now() + explain_time;
  auto counterexample = explain(object.decision.conflict, model, limits);
  counterexample.key = object.key;
  result.message = counterexample.sentence;
  if (!object.key.empty()) result.message += fmt::format(" (key \"{}\")", object.key);
  if (invalid > 1) result.message += fmt::format("; {} keys are not linearizable", invalid);
  result.procedure = object.decision.procedure;
  result.counterexample = std::move(counterexample);
}

}  // namespace

CheckResult check_linearizability(const History& history, const ErasedModel& model,
                                  const LinearizabilityOptions& options) {
  refuse_foreign(history, model);
  auto objects = split(history, model);
  decide_all(objects, model, options);

  CheckResult result;
  result.name = "linearizable";
  result.procedure = procedures_of(objects);
  std::size_t operations = 0;
  std::size_t invalid = 0;
  const Object* worst = nullptr;
  for (const auto& object : objects) {
    operations += object.operations.size();
    if (object.decision.validity == Validity::invalid) ++invalid;
    if (worst == nullptr || object.decision.validity > worst->decision.validity) worst = &object;
  }
  if (worst != nullptr) result.validity = worst->decision.validity;
  if (result.validity == Validity::invalid) {
    report_invalid(result, *worst, invalid, model);
  } else if (result.validity == Validity::unknown) {
    result.message = fmt::format(
        "{}: the first {} of {} operations{} are linearizable", worst->decision.gave_up_because,
        worst->decision.decided_operations, worst->operations.size(), of_key(*worst));
  } else {
    result.message =
        fmt::format("{} operations of {} keys are linearizable", operations, objects.size());
  }
  return result;
}

}  // namespace sunder::checker
