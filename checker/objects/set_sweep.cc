#include "checker/objects/set_sweep.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "checker/history/brief.h"
#include "checker/linearizability/conflict.h"
#include "checker/linearizability/sentence.h"
#include "checker/linearizability/value_table.h"
#include "checker/objects/read_sweep.h"

namespace sunder::checker {

namespace {

using history::List;
using history::never;
using history::Operation;
using history::Position;
using Operations = std::span<const Operation* const>;
using ElementNumber = std::uint32_t;

/// Of a plan: more adds that a remove could precede are too many choices.
constexpr std::size_t most_ambiguous = 4;
/// Of a proof: the reads before its end and the elements that are tried.
constexpr std::size_t reads_of_proof = 64;
constexpr std::size_t elements_of_proof = 24;

struct SetElement {
  Place add = no_place;
  Place remove = no_place;
  bool is_in = false;
  /// If it is in: its place in the list of those that are.
  std::uint32_t member = 0;
  std::uint64_t stamp = 0;
  /// The first return and the last invocation of a read that has it.
  Position first_seen = never;
  Position last_seen = -1;
  Place last_reader = no_place;
};

struct SetReading {
  std::vector<ElementNumber> elements;
  SetMark mark;
};

class SetSweep {
 public:
  SetSweep(Operations operations, Budget& budget, bool is_part = false)
      : operations_(operations), budget_(budget), is_part_(is_part) {}

  FastAnswer decide(Asked asked) {
    if (!collect_updates() || !collect_reads()) return std::move(answer_);
    sweep_.emplace(operations_, *this, budget_);
    if (!have_sure_elements()) return std::move(answer_);
    if (!sweep_->run()) {
      if (blame_few_elements()) return std::move(answer_);
      if (!is_exhaustive_ || sweep_->gave_up()) return {};
      blame_all();
      return std::move(answer_);
    }
    answer_.kind = FastAnswer::Kind::linearizable;
    if (asked == Asked::order) answer_.order = sweep_->order();
    return std::move(answer_);
  }

  // What ReadSweep asks for.
  void add_plans(Place target, const AvailableUpdates& available, std::vector<Plan>& plans);
  bool fits(Place read) const;
  /// Whether it changed the set.
  bool take_effect(Place place);
  void undo(Place update, bool changed) {
    if (changed) set_in(element_of_[update], !is_add(update));
  }
  const SetMark& mark() const { return members_mark_; }

 private:
  bool is_read(Place place) const { return at(place).f == "read"; }
  bool is_add(Place place) const { return at(place).f == "add"; }
  const Operation& at(Place place) const { return *operations_[place]; }
  SetElement& element_at(Place place) { return elements_[element_of_[place]]; }

  bool collect_updates();
  bool collect_reads();
  bool collect_read(Place place);
  bool have_sure_elements();
  Position sure_from(const SetElement& element) const;
  Position sure_until(const SetElement& element) const;
  std::vector<std::ptrdiff_t> reads_in_sure_time();
  bool refuse_lack(Place read, ElementNumber number);

  std::optional<Plan> plan_of_read(Place read, const AvailableUpdates& available);
  void add_variants(const Plan& plan, const AvailableUpdates& available, std::vector<Plan>& plans);
  void set_in(ElementNumber number, bool is_in);

  bool refuse(std::vector<Place> conflict, ElementNumber about, std::string why = {});
  bool blame_few_elements();
  void blame_all();
  bool blame_elements(const std::vector<ElementNumber>& about, Position from);
  std::vector<ElementNumber> last_elements(Position& from);
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
  std::vector<ElementNumber> members_;
  SetMark members_mark_;
  std::optional<ReadSweep<SetSweep, bool>> sweep_;
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
    element.first_seen = std::min(element.first_seen, read.returned);
    if (read.invoked > element.last_seen) {
      element.last_seen = read.invoked;
      element.last_reader = place;
    }
    reading.elements.push_back(number);
    reading.mark.toggle(number);
  }
  reading_of_[place] = static_cast<std::uint32_t>(readings_.size());
  readings_.push_back(std::move(reading));
  return true;
}

/// It is in for certain: its add had returned, or a read had shown it.
Position SetSweep::sure_from(const SetElement& element) const {
  const bool is_sure = element.add != no_place && must_happen(at(element.add));
  return std::min(is_sure ? at(element.add).returned : never, element.first_seen);
}

/// Nobody had begun to remove it, or a later read shows it.
Position SetSweep::sure_until(const SetElement& element) const {
  const auto removed = element.remove == no_place ? never : at(element.remove).invoked;
  return std::max(removed, element.last_seen);
}

/// How many reads lie between the first and the last moment at which each element was in for
/// certain.
std::vector<std::ptrdiff_t> SetSweep::reads_in_sure_time() {
  std::vector<Position> read_returns;
  for (const auto& moment : sweep_->moments()) {
    if (moment.is_return && is_read(moment.place)) read_returns.push_back(moment.at);
  }
  const auto returned_by = [&](Position position) {
    return std::lower_bound(read_returns.begin(), read_returns.end(), position) -
           read_returns.begin();
  };
  std::vector<std::ptrdiff_t> counts(elements_.size(), 0);
  std::vector<Place> open;
  const auto count = [&](ElementNumber number, Position position) {
    const auto until = sure_until(elements_[number]);
    if (sure_from(elements_[number]) != position || until < position) return;
    counts[number] = returned_by(until) - returned_by(position + 1);
    for (const auto read : open) {
      if (at(read).returned < until) --counts[number];
    }
  };
  for (const auto& [position, place, is_return] : sweep_->moments()) {
    budget_.spend();
    if (is_read(place) && must_happen(at(place))) {
      if (!is_return) open.push_back(place);
      if (is_return) std::erase(open, place);
    }
    if (!is_return) continue;
    if (!is_read(place)) {
      if (is_add(place)) count(element_of_[place], position);
      continue;
    }
    const auto& elements = readings_[reading_of_[place]].elements;
    budget_.spend(elements.size() * sizeof(ElementNumber));
    for (const auto number : elements) count(number, position);
  }
  return counts;
}

/// A read has every element that was in for certain while it was open.
bool SetSweep::have_sure_elements() {
  auto missing = reads_in_sure_time();
  const auto is_sure = [this](const SetElement& element, Place read) {
    return must_happen(at(read)) && at(read).invoked > sure_from(element) &&
           at(read).returned < sure_until(element);
  };
  for (Place place = 0; place < operations_.size(); ++place) {
    if (!is_read(place) || !must_happen(at(place))) continue;
    const auto& reading = readings_[reading_of_[place]];
    budget_.spend(reading.elements.size() * sizeof(ElementNumber));
    for (const auto number : reading.elements) {
      if (is_sure(elements_[number], place)) --missing[number];
    }
  }
  for (ElementNumber number = 0; number < elements_.size(); ++number) {
    if (missing[number] <= 0) continue;
    for (Place place = 0; place < operations_.size(); ++place) {
      if (!is_read(place) || !is_sure(elements_[number], place)) continue;
      const auto& seen = readings_[reading_of_[place]].elements;
      const bool has_it = std::find(seen.begin(), seen.end(), number) != seen.end();
      if (!has_it) return refuse_lack(place, number);
    }
  }
  return true;
}

/// Always false. With the reads that show that it was in, if its add and remove do not.
bool SetSweep::refuse_lack(Place read, ElementNumber number) {
  const auto& element = elements_[number];
  std::vector<Place> conflict = {read};
  if (element.remove != no_place) conflict.push_back(element.remove);
  const bool was_added =
      must_happen(at(element.add)) && at(element.add).returned < at(read).invoked;
  const bool is_removed =
      element.remove != no_place && at(element.remove).invoked < at(read).returned;
  for (Place place = 0; place < operations_.size() && !was_added; ++place) {
    if (!is_read(place) || !must_happen(at(place))) continue;
    if (at(place).returned != element.first_seen) continue;
    conflict.push_back(place);
    break;
  }
  if (!is_removed) return refuse(std::move(conflict), number);
  conflict.push_back(element.last_reader);
  return refuse(std::move(conflict), number,
                fmt::format("{}'s read lacks {}, which {}'s later read shows: it was added once",
                            name_of_client(at(read)), history::brief(numbers_.value(number)),
                            name_of_client(at(element.last_reader))));
}

void SetSweep::add_plans(Place target, const AvailableUpdates& available,
                         std::vector<Plan>& plans) {
  if (is_read(target)) {
    if (const auto plan = plan_of_read(target, available)) add_variants(*plan, available, plans);
    return;
  }
  const auto& element = element_at(target);
  const bool was_added_meanwhile =
      !is_add(target) && !element.is_in && available.contains(element.add);
  if (was_added_meanwhile) plans.push_back({element.add, target});
  add_variants({target}, available, plans);
}

/// Absent if the read lacks or has what it cannot.
std::optional<Plan> SetSweep::plan_of_read(Place read, const AvailableUpdates& available) {
  const auto& reading = readings_[reading_of_[read]];
  budget_.spend((reading.elements.size() + members_.size()) * sizeof(ElementNumber));
  Plan plan;
  ++stamp_;
  for (const auto number : reading.elements) {
    auto& element = elements_[number];
    element.stamp = stamp_;
    if (element.is_in) continue;
    if (!available.contains(element.add)) return std::nullopt;
    plan.push_back(element.add);
  }
  for (const auto number : members_) {
    const auto& element = elements_[number];
    if (element.stamp == stamp_) continue;
    if (!available.contains(element.remove)) return std::nullopt;
    plan.push_back(element.remove);
  }
  return plan;
}

/// The plan, and the same with removes in front that find nothing: then the elements stay.
void SetSweep::add_variants(const Plan& plan, const AvailableUpdates& available,
                            std::vector<Plan>& plans) {
  Plan early;
  for (const auto update : plan) {
    const auto& element = element_at(update);
    const bool could_miss = is_add(update) && !element.is_in &&
                            available.contains(element.remove) && must_happen(at(element.remove)) &&
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

bool SetSweep::take_effect(Place place) {
  if (is_read(place)) return false;
  const auto number = element_of_[place];
  const bool changed = elements_[number].is_in != is_add(place);
  if (changed) set_in(number, is_add(place));
  return changed;
}

bool SetSweep::fits(Place read) const {
  const auto& reading = readings_[reading_of_[read]];
  return reading.elements.size() == members_.size() && reading.mark == members_mark_ &&
         std::all_of(reading.elements.begin(), reading.elements.end(),
                     [this](ElementNumber number) { return elements_[number].is_in; });
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

/// Whether one or two elements prove it: then the history does not fit, whatever was tried.
bool SetSweep::blame_few_elements() {
  if (is_part_) return false;
  Position from = 0;
  const auto candidates = last_elements(from);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (blame_elements({candidates[i]}, from)) return true;
  }
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (blame_elements({candidates[i], candidates[j]}, from)) return true;
    }
  }
  return false;
}

/// All operations up to the event beyond which nothing leads.
void SetSweep::blame_all() {
  answer_.kind = FastAnswer::Kind::not_linearizable;
  for (Place place = 0; place < operations_.size(); ++place) {
    const bool is_before = at(place).invoked <= sweep_->furthest().at;
    if (!is_void(at(place)) && is_before) answer_.conflict.push_back(place);
  }
}

/// The elements that were updated last, and where the last reads begin.
std::vector<ElementNumber> SetSweep::last_elements(Position& from) {
  std::vector<ElementNumber> found;
  std::size_t reads = 0;
  for (auto i = sweep_->furthest_moment() + 1; i-- > 0 && reads < reads_of_proof;) {
    const auto& each = sweep_->moments()[i];
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
    if (operation.invoked > sweep_->furthest().at) break;
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
