#include "checker/objects/set_sweep.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "checker/history/brief.h"
#include "checker/linearizability/conflict.h"
#include "checker/linearizability/sentence.h"
#include "checker/linearizability/value_table.h"
#include "checker/objects/timeline.h"

namespace sunder::checker {

namespace {

using history::List;
using history::never;
using history::Operation;
using history::Position;
using Operations = std::span<const Operation* const>;
using ElementNumber = std::uint32_t;
using Plan = std::vector<Place>;

/// Of a plan: more adds that a remove could precede are too many choices.
constexpr std::size_t most_ambiguous = 4;
/// Of a proof: the reads before its end and the elements that are tried.
constexpr std::size_t reads_of_proof = 64;
constexpr std::size_t elements_of_proof = 24;

/// 128 bits that say what is in a set, or what was done: equal for equal sets, whatever the order.
struct Mark {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  auto operator<=>(const Mark&) const = default;

  void toggle(std::uint64_t number) {
    low ^= mixed(number * 2 + 1);
    high ^= mixed(~number);
  }

 private:
  static std::uint64_t mixed(std::uint64_t z) {
    z += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
};

struct SetElement {
  Place add = no_place;
  Place remove = no_place;
  bool is_in = false;
  /// If it is in: its place in the list of those that are.
  std::uint32_t member = 0;
  std::uint64_t stamp = 0;
};

struct SetReading {
  std::vector<ElementNumber> elements;
  Mark mark;
};

class SetSweep {
 public:
  SetSweep(Operations operations, Budget& budget, bool is_part = false)
      : operations_(operations), budget_(budget), is_part_(is_part) {}

  FastAnswer decide(Asked asked) {
    if (!collect_updates() || !collect_reads()) return std::move(answer_);
    moments_ = timeline_of(operations_, budget_);
    if (!have_sure_elements()) return std::move(answer_);
    done_.assign(operations_.size(), false);
    const bool fits = sweep();
    if (!fits) {
      if (!is_exhaustive_) return {};
      blame();
      return std::move(answer_);
    }
    answer_.kind = FastAnswer::Kind::linearizable;
    if (asked == Asked::order) {
      for (const auto& step : log_) answer_.order.push_back(step.place);
    }
    return std::move(answer_);
  }

 private:
  /// A point of the sweep at which several plans are possible.
  struct Choice {
    std::size_t moment;
    std::size_t log_size;
    std::size_t next_plan;
  };
  /// What took effect.
  struct SetStep {
    Place place;
    bool changed;
  };

  bool is_read(Place place) const { return at(place).f == "read"; }
  bool is_add(Place place) const { return at(place).f == "add"; }
  const Operation& at(Place place) const { return *operations_[place]; }
  SetElement& element_at(Place place) { return elements_[element_of_[place]]; }

  bool collect_updates();
  bool collect_reads();
  bool collect_read(Place place);
  bool have_sure_elements();

  bool sweep();
  bool back_to_choice();
  void move_to(std::size_t moment);
  bool is_available(Place update) const {
    return update != no_place && !done_[update] && at(update).invoked <= now_;
  }
  std::vector<Plan> plans_for(Place forced);
  void add_plans(Place target, std::vector<Plan>& plans);
  std::optional<Plan> plan_of_read(Place read);
  void add_variants(const Plan& plan, std::vector<Plan>& plans);
  void perform(const Plan& plan);
  void take_effect(Place update);
  void set_in(ElementNumber number, bool is_in);
  void serve_reads();
  bool serve(Place read);
  void undo_to(std::size_t log_size);

  bool refuse(std::vector<Place> conflict, ElementNumber about, std::string why = {});
  void blame();
  bool blame_elements(const std::vector<ElementNumber>& about, Position from);
  std::vector<ElementNumber> elements_before(std::size_t moment, Position& from);
  std::string showing(Place read, ElementNumber number) const {
    return fmt::format("{}'s read shows {}", name_of_client(at(read)),
                       history::brief(numbers_.value(number)));
  }

  Operations operations_;
  Budget& budget_;
  /// What it is asked about is a part already.
  bool is_part_;
  ValueTable numbers_;
  std::vector<SetElement> elements_;
  /// Of an update, by its place.
  std::vector<ElementNumber> element_of_;
  /// Of a read, by its place: its number among the reads.
  std::vector<std::uint32_t> reading_of_;
  std::vector<SetReading> readings_;
  std::vector<TimelineEvent> moments_;

  std::size_t moment_ = 0;
  std::size_t furthest_ = 0;
  Position now_ = -1;
  std::vector<bool> done_;
  Mark done_mark_;
  std::vector<ElementNumber> members_;
  Mark members_mark_;
  /// Reads that were invoked and have not returned.
  std::vector<Place> open_reads_;
  std::vector<SetStep> log_;
  std::vector<Choice> choices_;
  std::set<std::tuple<std::size_t, Mark, Mark>> hopeless_;
  bool is_exhaustive_ = true;
  std::uint64_t stamp_ = 0;
  FastAnswer answer_;
};

/// False if an element is added or removed twice.
bool SetSweep::collect_updates() {
  element_of_.assign(operations_.size(), 0);
  for (Place place = 0; place < operations_.size(); ++place) {
    budget_.spend();
    if (is_void(at(place)) || is_read(place)) continue;
    const auto number = numbers_.number_of(at(place).argument);
    if (number == elements_.size()) elements_.emplace_back();
    element_of_[place] = number;
    auto& update = is_add(place) ? elements_[number].add : elements_[number].remove;
    if (update != no_place) return false;
    update = place;
  }
  return true;
}

bool SetSweep::collect_reads() {
  reading_of_.assign(operations_.size(), 0);
  for (Place place = 0; place < operations_.size(); ++place) {
    if (is_read(place) && must_happen(at(place)) && !collect_read(place)) return false;
  }
  return true;
}

/// False if no state has what it read, or none at that time, because of one element.
bool SetSweep::collect_read(Place place) {
  static const List empty;
  const auto& read = at(place);
  const auto* list = read.result.list();
  const auto& seen = list == nullptr ? empty : *list;
  budget_.expect(seen.size() * sizeof(ElementNumber));
  budget_.spend(seen.size() * sizeof(ElementNumber));
  SetReading reading;
  ++stamp_;
  for (const auto& value : seen) {
    const auto number = numbers_.number_of(value);
    if (number == elements_.size()) elements_.emplace_back();
    auto& element = elements_[number];
    const bool is_twice = std::exchange(element.stamp, stamp_) == stamp_;
    if (is_twice || element.add == no_place || at(element.add).invoked > read.returned) {
      return refuse({place}, number);
    }
    const bool is_gone = element.remove != no_place && must_happen(at(element.remove)) &&
                         at(element.remove).returned < read.invoked &&
                         must_happen(at(element.add)) &&
                         at(element.add).returned < at(element.remove).invoked;
    if (is_gone) {
      return refuse({element.remove, place}, number,
                    fmt::format("{}, which {} had removed before", showing(place, number),
                                name_of_client(at(element.remove))));
    }
    reading.elements.push_back(number);
    reading.mark.toggle(number);
  }
  reading_of_[place] = static_cast<std::uint32_t>(readings_.size());
  readings_.push_back(std::move(reading));
  return true;
}

/// Each read has every element that was in all the time while it was open. Such an element was
/// added before, and nobody had begun to remove it.
bool SetSweep::have_sure_elements() {
  std::vector<Position> read_returns;
  for (const auto& moment : moments_) {
    if (moment.is_return && is_read(moment.place)) read_returns.push_back(moment.at);
  }
  const auto returned_by = [&](Position position) {
    return std::lower_bound(read_returns.begin(), read_returns.end(), position) -
           read_returns.begin();
  };
  const auto sure_until = [&](const SetElement& element) {
    return element.remove == no_place ? never : at(element.remove).invoked;
  };
  // How many reads lie between the return of each add and the invocation of its remove.
  std::vector<std::ptrdiff_t> missing(elements_.size(), 0);
  std::vector<Place> open;
  for (const auto& [position, place, is_return] : moments_) {
    budget_.spend();
    if (is_read(place)) {
      if (!is_return) open.push_back(place);
      if (is_return) std::erase(open, place);
    } else if (is_return && is_add(place)) {
      const auto& element = element_at(place);
      const auto until = sure_until(element);
      if (until < position) continue;
      auto& count = missing[element_of_[place]];
      count = returned_by(until) - returned_by(position);
      for (const auto read : open) {
        if (must_happen(at(read)) && at(read).returned < until) --count;
      }
    }
  }
  for (Place place = 0; place < operations_.size(); ++place) {
    if (!is_read(place) || !must_happen(at(place))) continue;
    const auto& reading = readings_[reading_of_[place]];
    budget_.spend(reading.elements.size() * sizeof(ElementNumber));
    for (const auto number : reading.elements) {
      const auto& element = elements_[number];
      const bool is_sure = must_happen(at(element.add)) &&
                           at(element.add).returned < at(place).invoked &&
                           at(place).returned < sure_until(element);
      if (is_sure) --missing[number];
    }
  }
  for (ElementNumber number = 0; number < elements_.size(); ++number) {
    if (missing[number] <= 0) continue;
    const auto& element = elements_[number];
    for (Place place = 0; place < operations_.size(); ++place) {
      const bool is_between = is_read(place) && must_happen(at(place)) &&
                              at(place).invoked > at(element.add).returned &&
                              at(place).returned < sure_until(element);
      if (!is_between) continue;
      const auto& seen = readings_[reading_of_[place]].elements;
      if (std::find(seen.begin(), seen.end(), number) == seen.end()) return refuse({place}, number);
    }
  }
  return true;
}

bool SetSweep::sweep() {
  while (moment_ < moments_.size()) {
    budget_.spend();
    furthest_ = std::max(furthest_, moment_);
    const auto& moment = moments_[moment_];
    const bool is_forced = moment.is_return && !done_[moment.place];
    if (!is_forced) {
      move_to(moment_ + 1);
      if (!moment.is_return && is_read(moment.place) && must_happen(at(moment.place))) {
        serve(moment.place);
      }
      continue;
    }
    const auto plans = plans_for(moment.place);
    const bool is_hopeless =
        plans.empty() ||
        (plans.size() > 1 && hopeless_.contains({moment_, done_mark_, members_mark_}));
    if (is_hopeless) {
      if (!back_to_choice()) return false;
      continue;
    }
    if (plans.size() > 1) choices_.push_back({moment_, log_.size(), 1});
    perform(plans.front());
  }
  return true;
}

/// Takes the next plan of the last choice that has one. False if none has.
bool SetSweep::back_to_choice() {
  while (!choices_.empty()) {
    budget_.spend();
    auto& choice = choices_.back();
    undo_to(choice.log_size);
    move_to(choice.moment);
    const auto plans = plans_for(moments_[choice.moment].place);
    if (choice.next_plan < plans.size()) {
      perform(plans[choice.next_plan++]);
      return true;
    }
    budget_.expect(2 * sizeof(Choice));
    hopeless_.emplace(choice.moment, done_mark_, members_mark_);
    choices_.pop_back();
  }
  return false;
}

/// To right before that moment.
void SetSweep::move_to(std::size_t moment) {
  const auto toggle = [this](const TimelineEvent& each, bool begins) {
    if (!is_read(each.place) || !must_happen(at(each.place))) return;
    if (begins) {
      open_reads_.push_back(each.place);
    } else {
      std::erase(open_reads_, each.place);
    }
  };
  for (; moment_ < moment; ++moment_) toggle(moments_[moment_], !moments_[moment_].is_return);
  while (moment_ > moment) {
    --moment_;
    toggle(moments_[moment_], moments_[moment_].is_return);
  }
  now_ = moment_ == 0 ? -1 : moments_[moment_ - 1].at;
}

/// The ways to go on with an operation that returns: at once, or behind an open read. A read that
/// needs only a part of what is to happen goes first.
std::vector<Plan> SetSweep::plans_for(Place forced) {
  std::vector<Plan> own;
  add_plans(forced, own);
  std::vector<Plan> before;
  std::vector<Plan> others;
  // In an order that does not depend on the way here.
  auto reads = open_reads_;
  std::sort(reads.begin(), reads.end());
  for (const auto read : reads) {
    if (read == forced || done_[read]) continue;
    std::vector<Plan> plans;
    add_plans(read, plans);
    for (auto& plan : plans) {
      const bool is_part = !own.empty() && std::all_of(plan.begin(), plan.end(), [&](Place update) {
        return std::find(own.front().begin(), own.front().end(), update) != own.front().end();
      });
      (is_part ? before : others).push_back(std::move(plan));
    }
  }
  std::stable_sort(before.begin(), before.end(),
                   [](const Plan& left, const Plan& right) { return left.size() < right.size(); });
  before.insert(before.end(), own.begin(), own.end());
  before.insert(before.end(), others.begin(), others.end());
  return before;
}

void SetSweep::add_plans(Place target, std::vector<Plan>& plans) {
  if (is_read(target)) {
    if (const auto plan = plan_of_read(target)) add_variants(*plan, plans);
    return;
  }
  const auto& element = element_at(target);
  const bool was_added_meanwhile = !is_add(target) && !element.is_in && is_available(element.add);
  if (was_added_meanwhile) plans.push_back({element.add, target});
  add_variants({target}, plans);
}

/// Absent if the read lacks or has what it cannot.
std::optional<Plan> SetSweep::plan_of_read(Place read) {
  const auto& reading = readings_[reading_of_[read]];
  budget_.spend((reading.elements.size() + members_.size()) * sizeof(ElementNumber));
  Plan plan;
  ++stamp_;
  for (const auto number : reading.elements) {
    auto& element = elements_[number];
    element.stamp = stamp_;
    if (element.is_in) continue;
    if (!is_available(element.add)) return std::nullopt;
    plan.push_back(element.add);
  }
  for (const auto number : members_) {
    const auto& element = elements_[number];
    if (element.stamp == stamp_) continue;
    if (!is_available(element.remove)) return std::nullopt;
    plan.push_back(element.remove);
  }
  return plan;
}

/// The plan, and the same with removes in front that find nothing: then the elements stay.
void SetSweep::add_variants(const Plan& plan, std::vector<Plan>& plans) {
  Plan early;
  for (const auto update : plan) {
    const auto& element = element_at(update);
    const bool could_miss = is_add(update) && !element.is_in && is_available(element.remove) &&
                            must_happen(at(element.remove)) &&
                            std::find(plan.begin(), plan.end(), element.remove) == plan.end();
    if (could_miss) early.push_back(element.remove);
  }
  if (early.size() > most_ambiguous) {
    is_exhaustive_ = false;
    early.resize(most_ambiguous);
  }
  for (std::size_t chosen = 0; chosen < std::size_t{1} << early.size(); ++chosen) {
    Plan variant;
    for (std::size_t i = 0; i < early.size(); ++i) {
      if ((chosen >> i & 1) != 0) variant.push_back(early[i]);
    }
    variant.insert(variant.end(), plan.begin(), plan.end());
    plans.push_back(std::move(variant));
  }
}

void SetSweep::perform(const Plan& plan) {
  for (const auto update : plan) {
    take_effect(update);
    serve_reads();
  }
}

void SetSweep::take_effect(Place update) {
  const auto number = element_of_[update];
  const bool changed = elements_[number].is_in != is_add(update);
  if (changed) set_in(number, is_add(update));
  done_[update] = true;
  done_mark_.toggle(update);
  log_.push_back({update, changed});
}

void SetSweep::set_in(ElementNumber number, bool is_in) {
  auto& element = elements_[number];
  element.is_in = is_in;
  members_mark_.toggle(number);
  if (is_in) {
    element.member = static_cast<std::uint32_t>(members_.size());
    members_.push_back(number);
    return;
  }
  elements_[members_.back()].member = element.member;
  members_[element.member] = members_.back();
  members_.pop_back();
}

void SetSweep::serve_reads() {
  for (const auto read : open_reads_) serve(read);
}

/// Lets the read happen if it fits. A read that fits now needs no later moment.
bool SetSweep::serve(Place read) {
  const auto& reading = readings_[reading_of_[read]];
  const bool fits = !done_[read] && reading.elements.size() == members_.size() &&
                    reading.mark == members_mark_ &&
                    std::all_of(reading.elements.begin(), reading.elements.end(),
                                [this](ElementNumber number) { return elements_[number].is_in; });
  if (!fits) return false;
  done_[read] = true;
  done_mark_.toggle(read);
  log_.push_back({read, false});
  return true;
}

void SetSweep::undo_to(std::size_t log_size) {
  for (; log_.size() > log_size; log_.pop_back()) {
    const auto [place, changed] = log_.back();
    if (changed) set_in(element_of_[place], !is_add(place));
    done_[place] = false;
    done_mark_.toggle(place);
  }
}

/// Always false. With the element's add, if there is one.
bool SetSweep::refuse(std::vector<Place> conflict, ElementNumber about, std::string why) {
  const auto add = elements_[about].add;
  if (add != no_place) conflict.push_back(add);
  std::sort(conflict.begin(), conflict.end());
  answer_.kind = FastAnswer::Kind::not_linearizable;
  answer_.conflict.assign(conflict.begin(), conflict.end());
  answer_.about = {numbers_.value(about)};
  answer_.why = std::move(why);
  return false;
}

/// Looks for one or two elements that prove it; else all operations up to the furthest event do.
void SetSweep::blame() {
  Position from = 0;
  const auto candidates =
      is_part_ ? std::vector<ElementNumber>() : elements_before(furthest_, from);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (blame_elements({candidates[i]}, from)) return;
  }
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (blame_elements({candidates[i], candidates[j]}, from)) return;
    }
  }
  answer_.kind = FastAnswer::Kind::not_linearizable;
  for (Place place = 0; place < operations_.size(); ++place) {
    if (!is_void(at(place)) && at(place).invoked <= moments_[furthest_].at) {
      answer_.conflict.push_back(place);
    }
  }
}

/// The elements that were updated last, and where the last reads begin.
std::vector<ElementNumber> SetSweep::elements_before(std::size_t moment, Position& from) {
  std::vector<ElementNumber> found;
  std::size_t reads = 0;
  for (auto i = moment + 1; i-- > 0 && reads < reads_of_proof;) {
    const auto& each = moments_[i];
    if (is_read(each.place)) {
      reads += each.is_return ? 1 : 0;
      from = each.at;
    } else if (found.size() < elements_of_proof &&
               std::find(found.begin(), found.end(), element_of_[each.place]) == found.end()) {
      found.push_back(element_of_[each.place]);
    }
  }
  return found;
}

/// Whether what the history says of these elements is not linearizable.
bool SetSweep::blame_elements(const std::vector<ElementNumber>& about, Position from) {
  const auto is_about = [&](ElementNumber number) {
    return std::find(about.begin(), about.end(), number) != about.end();
  };
  std::vector<Operation> part;
  std::vector<Place> places;
  for (Place place = 0; place < operations_.size(); ++place) {
    const auto& operation = at(place);
    if (operation.invoked > moments_[furthest_].at) break;
    if (is_void(operation)) continue;
    const bool is_wanted = is_read(place) ? must_happen(operation) && operation.returned >= from
                                          : is_about(element_of_[place]);
    if (!is_wanted) continue;
    places.push_back(place);
    part.push_back(operation);
    if (!is_read(place)) continue;
    List seen;
    for (const auto number : readings_[reading_of_[place]].elements) {
      if (is_about(number)) seen.push_back(numbers_.value(number));
    }
    part.back().result = std::move(seen);
  }
  const auto pointers = pointers_to(part);
  const auto verdict = SetSweep(pointers, budget_, true).decide(Asked::verdict);
  if (verdict.kind != FastAnswer::Kind::not_linearizable) return false;
  answer_.kind = FastAnswer::Kind::not_linearizable;
  answer_.conflict.clear();
  for (const auto place : verdict.conflict) answer_.conflict.push_back(places[place]);
  for (const auto number : about) answer_.about.push_back(numbers_.value(number));
  return true;
}

}  // namespace

FastAnswer decide_by_set_sweep(Operations operations, Budget& budget, Asked asked) {
  if (any_may_lapse(operations)) return {};
  return SetSweep(operations, budget).decide(asked);
}

}  // namespace sunder::checker
