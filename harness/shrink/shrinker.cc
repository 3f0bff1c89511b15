#include "harness/shrink/shrinker.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "harness/shrink/reductions.h"
#include "harness/shrink/sequential_decision.h"
#include "nemesis/schedule/description.h"
#include "node/api/trace.h"
#include "results/json_mistake.h"
#include "results/store/run_store.h"

namespace sunder::harness::shrink {

using Json = nlohmann::json;
using namespace std::chrono_literals;

namespace {

// How often the run as it was is repeated to learn how often it fails; more if it never does.
constexpr unsigned first_measurement = 6;
constexpr unsigned most_attempts = 20;
constexpr unsigned last_measurement = 10;
// A test that is still open then has seen about as many failures as not.
constexpr unsigned most_trials = 16;
// What is left must fail at this share of the rate at which the run itself does.
constexpr double kept_share = 0.8;

Json json_of(const Candidate& candidate) {
  Json plan = to_json(candidate.plan);
  return {{"plan", std::move(plan)},
          {"schedule", Json::parse(nemesis::to_json(candidate.schedule).dump())}};
}

Candidate candidate_of(const Json& json) {
  return {plan_from_json(json.at("plan")), nemesis::schedule_from_json(json.at("schedule"))};
}

Json json_of(const std::vector<Candidate>& candidates) {
  auto list = Json::array();
  for (const auto& candidate : candidates) list.push_back(json_of(candidate));
  return list;
}

std::uint64_t digest_of(const Candidate& candidate) {
  return trace::digest_of(0, json_of(candidate).dump());
}

Json json_of(const Rate& rate) {
  return {{"failures", rate.failures}, {"runs", rate.runs}};
}

Rate rate_of(const Json& json) {
  return {json.at("failures").get<unsigned>(), json.at("runs").get<unsigned>()};
}

/// What came after the violation cannot have caused it.
Candidate without_what_came_after(const Candidate& candidate, history::Time violation) {
  Candidate other = candidate;
  std::erase_if(other.schedule.faults,
                [violation](const nemesis::Fault& fault) { return fault.at > violation; });
  const auto margin = std::chrono::ceil<std::chrono::seconds>(violation) + 1s;
  other.plan.time_limit = std::min<Duration>(other.plan.time_limit, margin);
  return other;
}

}  // namespace

Shrinker::Shrinker(const FailedRun& run, const std::filesystem::path& folder,
                   std::chrono::nanoseconds budget, Trials& trials, ProgressLine& progress)
    : run_(run),
      folder_(folder),
      budget_(budget),
      trials_(trials),
      progress_(progress),
      best_(run.candidate) {
  std::filesystem::create_directories(folder_);
  resume();
}

void Shrinker::resume() {
  std::ifstream file(folder_ / "shrink.json");
  if (!file) return;
  try {
    const auto state = Json::parse(file);
    if (state.at("of").get<std::uint64_t>() != digest_of(run_.candidate)) return;
    best_ = candidate_of(state.at("best"));
    for (const auto& step : state.at("steps")) steps_.push_back(candidate_of(step));
    before_ = rate_of(state.at("before"));
    rejected_ = state.at("rejected").get<std::set<std::uint64_t>>();
    tried_ = state.at("tried").get<unsigned>();
    spent_before_ = std::chrono::nanoseconds(state.at("spent_ns").get<std::int64_t>());
  } catch (const std::exception& error) {
    throw std::invalid_argument(fmt::format("{}: {}; remove it to begin again",
                                            (folder_ / "shrink.json").string(),
                                            results::json_mistake(error.what())));
  }
}

void Shrinker::save() const {
  const Json state = {{"of", digest_of(run_.candidate)},
                      {"best", json_of(best_)},
                      {"before", json_of(before_)},
                      {"after", json_of(after_)},
                      {"steps", json_of(steps_)},
                      {"rejected", rejected_},
                      {"tried", tried_},
                      {"spent_ns", spent().count()}};
  results::write_whole_file(folder_ / "shrink.json", state.dump(1) + "\n");
}

std::chrono::nanoseconds Shrinker::spent() const {
  return spent_before_ + (std::chrono::steady_clock::now() - started_);
}

Shrunk Shrinker::shrink() {
  Shrunk shrunk;
  trials_.end_at(started_ + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                                budget_ - spent_before_));
  try {
    if (before_.runs == 0) before_ = measure(run_.candidate, first_measurement);
    if (before_.failures == 0) throw Stop{Ending::not_reproduced};
    save();
    reduce();
    while (!holds_what_it_promises()) {
      take_back();
      reduce();
    }
  } catch (const Stop& stop) {
    shrunk.ending = stop.why;
  }
  if (shrunk.ending == Ending::out_of_time && before_.failures > 0) shrunk.ending = settle();
  save();
  shrunk.candidate = best_;
  shrunk.before = before_;
  shrunk.after = after_;
  shrunk.took = std::chrono::duration_cast<std::chrono::seconds>(spent());
  return shrunk;
}

void Shrinker::reduce() {
  const Fails tried = [this](const Candidate& candidate) { return fails(candidate); };
  // Only as long as its times are those of the run.
  if (run_.violation_at && best_.plan.time_limit >= run_.candidate.plan.time_limit) {
    fails(without_what_came_after(best_, *run_.violation_at));
    with_only_what_came_shortly_before(best_, *run_.violation_at, tried);
  }
  with_fewer_faults(best_, tried);
  without_the_wait(best_, tried);
  with_a_smaller_plan(best_, tried);
  const auto example = trials_.example();
  if (!example.empty()) with_triggers(best_, read_recording(example), tried);
  // What a shorter run or a trigger has made superfluous.
  with_fewer_faults(best_, tried);
  with_round_times(best_, tried);
}

/// What is left when the time is up may not hold what it promises either.
Ending Shrinker::settle() {
  try {
    while (!holds_what_it_promises()) take_back();
    return Ending::out_of_time;
  } catch (const Stop& stop) {
    return stop.why;
  }
}

/// As many as there is time for.
unsigned Shrinker::affordable_runs() const {
  if (spent() >= budget_) return 0;
  if (batch_took_ == 0ns) return last_measurement;
  const auto batches = (budget_ - spent()) / batch_took_;
  return static_cast<unsigned>(
      std::min<std::int64_t>(last_measurement, batches * std::int64_t{trials_.jobs()}));
}

std::optional<Tally> Shrinker::timed(const Candidate& candidate, unsigned times) {
  const auto began = std::chrono::steady_clock::now();
  auto tally = trials_.carry_out(candidate, times);
  const auto batches = (times + trials_.jobs() - 1) / trials_.jobs();
  batch_took_ = (std::chrono::steady_clock::now() - began) / std::max(batches, 1U);
  if (!tally && spent() >= budget_) throw Stop{Ending::out_of_time};
  return tally;
}

/// Measures it.
bool Shrinker::holds_what_it_promises() {
  show();
  const auto times = affordable_runs();
  if (times == 0) throw Stop{Ending::out_of_time};
  const auto tally = timed(best_, times);
  if (!tally) throw Stop{Ending::interrupted};
  after_ = {tally->failures, tally->runs};
  return steps_.empty() || after_.value() >= kept_share * before_.value();
}

/// At least one is there.
void Shrinker::take_back() {
  rejected_.insert(digest_of(best_));
  best_ = std::move(steps_.back());
  steps_.pop_back();
  after_ = {};
  save();
}

/// More than `times` if it has not failed by then.
Rate Shrinker::measure(const Candidate& candidate, unsigned times) {
  Rate rate;
  while (rate.runs < times || (rate.failures == 0 && rate.runs < most_attempts)) {
    const auto tally = carry_out(candidate, trials_.jobs());
    rate.failures += tally.failures;
    rate.runs += tally.runs;
  }
  return rate;
}

bool Shrinker::fails(const Candidate& candidate) {
  const auto digest = digest_of(candidate);
  if (digest == digest_of(best_)) return false;
  if (rejected_.contains(digest)) return false;
  ++tried_;
  auto test = SequentialDecision::against(before_.value());
  unsigned runs = 0;
  while (test.decision() == Decision::open && runs < most_trials) {
    const auto tally = carry_out(candidate, trials_.jobs());
    runs += tally.runs;
    for (unsigned i = 0; i < tally.runs; ++i) test.note(i < tally.failures);
  }
  if (test.decision() == Decision::often_enough) {
    steps_.push_back(std::exchange(best_, candidate));
    after_ = {};
  } else {
    rejected_.insert(digest);
  }
  save();
  return test.decision() == Decision::often_enough;
}

Tally Shrinker::carry_out(const Candidate& candidate, unsigned times) {
  // The last measurement needs time, too, but not more than half of all.
  const auto batches = (last_measurement + trials_.jobs() - 1) / trials_.jobs();
  const auto reserve = std::min<std::chrono::nanoseconds>(batch_took_ * batches, budget_ / 2);
  if (spent() + reserve >= budget_) throw Stop{Ending::out_of_time};
  show();
  const auto tally = timed(candidate, times);
  if (!tally) throw Stop{Ending::interrupted};
  return *tally;
}

void Shrinker::show() const {
  const auto minutes = std::chrono::duration<double, std::ratio<60>>(spent()).count();
  const auto all = std::chrono::duration<double, std::ratio<60>>(budget_).count();
  progress_.show(fmt::format(
      "{:.1f} of {:.0f} min   {} faults of {}, {} of {}, {} clients, {} nodes   candidate {}",
      minutes, all, best_.schedule.faults.size(), run_.candidate.schedule.faults.size(),
      to_text(best_.plan.time_limit), to_text(run_.candidate.plan.time_limit),
      best_.plan.concurrency, best_.plan.nodes, tried_));
}

std::string sentence_of(const Shrunk& shrunk, const results::Signature& signature) {
  std::vector<std::string> steps;
  for (const auto& fault : shrunk.candidate.schedule.faults) {
    steps.push_back(
        fmt::format("{} {}", nemesis::describe(fault), nemesis::describe_moment(fault)));
  }
  const auto faults =
      steps.empty() ? std::string("no fault at all") : fmt::format("{}", fmt::join(steps, "; "));
  if (shrunk.after.runs == 0) {
    return fmt::format("{}: breaks {}, how often was not measured", faults, signature.property);
  }
  return fmt::format("{}: {} of {} runs break {}", faults, shrunk.after.failures, shrunk.after.runs,
                     signature.property);
}

}  // namespace sunder::harness::shrink
