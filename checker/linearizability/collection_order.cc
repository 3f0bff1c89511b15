#include "checker/linearizability/collection_order.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <tuple>

#include "checker/linearizability/place.h"
#include "checker/linearizability/value_table.h"

namespace sunder::checker {

namespace {

using history::List;
using history::never;
using history::Operation;
using history::Position;

using ElementNumber = std::uint32_t;
constexpr std::uint32_t no_number = UINT32_MAX;

struct Element {
  /// It can come in from the first invocation of its adds on, until the first return of one.
  Position from = never;
  Position until = never;
  Place first_add = no_number;
  Place completed_add = no_number;
  /// The first level whose reads have it; `no_number` if no read has it.
  std::uint32_t level = no_number;
  /// The moment at which it comes in, as early as possible.
  Position moment = never;
  /// The last read that was looked at and has it.
  std::uint32_t stamp = no_number;
  bool is_shown = false;
};

/// A completed read. Reads of one level returned the same elements.
struct Reading {
  Place place;
  std::vector<ElementNumber> elements;
  std::uint32_t level = 0;
  /// Elements before this one are of lower levels.
  std::size_t fresh_from = 0;
  Position moment = 0;
};

/// Most elements are integers.
bool is_same(const history::Value& left, const history::Value& right) {
  const auto* number = left.integer();
  const auto* other = right.integer();
  if (number != nullptr && other != nullptr) return *number == *other;
  return left == right;
}

/// The latest moment so far, and the element or read that cannot be earlier.
struct Bound {
  Position at = -1;
  ElementNumber element = no_number;
  const Reading* reading = nullptr;
};

class CollectionOrder {
 public:
  CollectionOrder(std::span<const Operation* const> operations, Collection kind, Budget& budget)
      : operations_(operations), kind_(kind), budget_(budget) {}

  FastAnswer decide(Asked asked) {
    using Kind = FastAnswer::Kind;
    if (!collect_adds()) return {};
    const bool fits = collect_reads() && are_nested() && fits_in_time();
    FastAnswer answer{fits ? Kind::linearizable : Kind::not_linearizable, {}, {}, {}};
    if (fits) {
      if (asked == Asked::order) answer.order = order();
      return answer;
    }
    std::sort(conflict_.begin(), conflict_.end());
    conflict_.erase(std::unique(conflict_.begin(), conflict_.end()), conflict_.end());
    answer.conflict.assign(conflict_.begin(), conflict_.end());
    for (const auto number : about_) answer.about.push_back(numbers_.value(number));
    return answer;
  }

 private:
  bool collect_adds();
  bool collect_reads();
  bool collect_read(Place place, const List& seen);
  bool follow_largest(Reading& reading, const List& seen);
  bool are_nested();
  bool is_within(const Reading& smaller, std::uint32_t stamp, const Reading& larger);
  bool was_shown_and_gone(ElementNumber number);
  bool fits_in_time();
  bool place_elements(std::span<const ElementNumber> elements, Bound& bound);
  bool place_readings(std::span<Reading> readings, Bound& bound);
  std::vector<std::size_t> order() const;

  Element& element(ElementNumber number) { return elements_[number]; }
  ElementNumber first_missing(const Reading& larger, const Reading& smaller) const;
  bool blame_late(ElementNumber late, const Bound& bound);
  bool blame_early(const Reading& early, const Bound& bound);
  bool blame(std::initializer_list<const Reading*> readings,
             std::initializer_list<ElementNumber> about);

  std::span<const Operation* const> operations_;
  Collection kind_;
  Budget& budget_;
  ValueTable numbers_;
  std::vector<Element> elements_;
  /// Sorted by size once all are collected.
  std::vector<Reading> readings_;
  /// Among `readings_` while they are collected.
  std::size_t largest_ = 0;
  std::vector<Place> conflict_;
  std::vector<ElementNumber> about_;
};

/// Fills `elements_`. False if the procedure does not apply.
bool CollectionOrder::collect_adds() {
  for (Place place = 0; place < operations_.size(); ++place) {
    const auto& operation = *operations_[place];
    if (is_void(operation) || operation.f == "read") continue;
    budget_.spend();
    if (operation.weakened && operation.returned != never) return false;
    const auto number = numbers_.number_of(operation.argument);
    if (number == elements_.size()) elements_.emplace_back();
    auto& added = elements_[number];
    const bool is_first = added.first_add == no_number;
    if (!is_first && kind_ == Collection::list) return false;
    if (is_first) {
      added.from = operation.invoked;
      added.first_add = place;
    }
    if (must_happen(operation) && operation.returned < added.until) {
      added.until = operation.returned;
      added.completed_add = place;
    }
  }
  return true;
}

/// Fills `readings_`. False if a read returned an element that nobody added, or one twice.
bool CollectionOrder::collect_reads() {
  static const List empty;
  for (Place place = 0; place < operations_.size(); ++place) {
    const auto& operation = *operations_[place];
    if (operation.f != "read" || !must_happen(operation)) continue;
    const auto* seen = operation.result.list();
    if (!collect_read(place, seen == nullptr ? empty : *seen)) return false;
  }
  std::stable_sort(readings_.begin(), readings_.end(), [](const auto& left, const auto& right) {
    return left.elements.size() < right.elements.size();
  });
  return true;
}

bool CollectionOrder::collect_read(Place place, const List& seen) {
  budget_.expect(seen.size() * sizeof(ElementNumber));
  budget_.spend(seen.size() * sizeof(ElementNumber));
  Reading reading{place, {}};
  reading.elements.reserve(seen.size());
  if (!follow_largest(reading, seen)) {
    reading.elements.clear();
    for (const auto& value : seen) {
      const auto number = numbers_.number_of(value);
      if (number == elements_.size()) elements_.emplace_back();
      auto& each = elements_[number];
      const auto stamp = 2 * place;
      if (each.first_add == no_number || each.stamp == stamp) return blame({&reading}, {number});
      each.stamp = stamp;
      each.is_shown = true;
      reading.elements.push_back(number);
    }
  }
  readings_.push_back(std::move(reading));
  const auto largest = readings_[largest_].elements.size();
  if (readings_.back().elements.size() > largest) largest_ = readings_.size() - 1;
  return true;
}

/// Numbers the values without looking most of them up: reads mostly have what the largest one so
/// far has, in its order, and what none has had. False if this one is not so.
bool CollectionOrder::follow_largest(Reading& reading, const List& seen) {
  static const List empty;
  const List* shown = &empty;
  const std::vector<ElementNumber>* numbers = nullptr;
  if (!readings_.empty()) {
    const auto& largest = readings_[largest_];
    const auto* list = operations_[largest.place]->result.list();
    if (list != nullptr) shown = list;
    numbers = &largest.elements;
  }
  std::vector<ElementNumber> fresh;
  std::size_t next = 0;
  for (const auto& value : seen) {
    if (next < shown->size() && is_same((*shown)[next], value)) {
      reading.elements.push_back((*numbers)[next++]);
      continue;
    }
    const auto number = numbers_.number_of(value);
    if (number == elements_.size()) elements_.emplace_back();
    auto& each = elements_[number];
    const auto stamp = 2 * reading.place + 1;
    if (each.first_add == no_number || each.is_shown || each.stamp == stamp) return false;
    each.stamp = stamp;
    fresh.push_back(number);
    reading.elements.push_back(number);
  }
  for (const auto number : fresh) elements_[number].is_shown = true;
  return true;
}

/// Gives the levels. False if two reads contradict each other whenever they happened: each has an
/// element that the other lacks, or they have two elements in different orders.
bool CollectionOrder::are_nested() {
  // The stamps of collect_read() were less.
  auto stamp = 2 * static_cast<std::uint32_t>(operations_.size());
  for (std::size_t i = 0; i < readings_.size(); ++i, ++stamp) {
    auto& reading = readings_[i];
    budget_.spend(reading.elements.size() * sizeof(ElementNumber));
    const auto* smaller = i == 0 ? nullptr : &readings_[i - 1].elements;
    const bool is_prefix = smaller != nullptr &&
                           std::equal(smaller->begin(), smaller->end(), reading.elements.begin());
    if (is_prefix) {
      reading.fresh_from = smaller->size();
    } else {
      for (const auto number : reading.elements) elements_[number].stamp = stamp;
      if (smaller != nullptr && !is_within(readings_[i - 1], stamp, reading)) return false;
    }
    const bool grew = smaller != nullptr && smaller->size() < reading.elements.size();
    reading.level = i == 0 ? 0 : readings_[i - 1].level + (grew ? 1 : 0);
    for (auto each = reading.fresh_from; each < reading.elements.size(); ++each) {
      auto& element = elements_[reading.elements[each]];
      if (element.level == no_number) element.level = reading.level;
    }
  }
  return true;
}

bool CollectionOrder::is_within(const Reading& smaller, std::uint32_t stamp,
                                const Reading& larger) {
  for (std::size_t i = 0; i < smaller.elements.size(); ++i) {
    const auto number = smaller.elements[i];
    if (kind_ == Collection::list) {
      if (number == larger.elements[i]) continue;
      return blame({&smaller, &larger}, {number, larger.elements[i]});
    }
    if (elements_[number].stamp == stamp) continue;
    if (was_shown_and_gone(number)) return false;
    return blame({&smaller, &larger}, {number, first_missing(larger, smaller)});
  }
  return true;
}

/// Whether a read had returned with the element before one began that lacks it. Blames the first of
/// each: what is seen soonest is nearest to its cause.
bool CollectionOrder::was_shown_and_gone(ElementNumber number) {
  const auto has = [number](const Reading& reading) {
    return std::find(reading.elements.begin(), reading.elements.end(), number) !=
           reading.elements.end();
  };
  const auto returned = [this](const Reading* reading) {
    return operations_[reading->place]->returned;
  };
  const Reading* shown = nullptr;
  std::vector<const Reading*> lacking;
  for (const auto& reading : readings_) {
    budget_.spend(reading.elements.size() * sizeof(ElementNumber));
    if (!has(reading)) {
      lacking.push_back(&reading);
    } else if (shown == nullptr || returned(&reading) < returned(shown)) {
      shown = &reading;
    }
  }
  if (shown == nullptr) return false;
  const Reading* gone = nullptr;
  for (const auto* reading : lacking) {
    if (operations_[reading->place]->invoked < returned(shown)) continue;
    if (gone == nullptr || returned(reading) < returned(gone)) gone = reading;
  }
  if (gone != nullptr) blame({shown, gone}, {number});
  return gone != nullptr;
}

/// An element of the first reading that the second lacks.
ElementNumber CollectionOrder::first_missing(const Reading& larger, const Reading& smaller) const {
  auto known = smaller.elements;
  std::sort(known.begin(), known.end());
  const auto missing =
      std::find_if(larger.elements.begin(), larger.elements.end(), [&](ElementNumber number) {
        return !std::binary_search(known.begin(), known.end(), number);
      });
  return *missing;
}

/// Gives every element and read its earliest moment. False if one is later than its return.
bool CollectionOrder::fits_in_time() {
  Bound bound;
  for (std::size_t first = 0; first < readings_.size();) {
    auto end = first;
    while (end < readings_.size() && readings_[end].level == readings_[first].level) ++end;
    const auto& reading = readings_[first];
    std::vector<ElementNumber> fresh;
    std::copy_if(reading.elements.begin() + static_cast<std::ptrdiff_t>(reading.fresh_from),
                 reading.elements.end(), std::back_inserter(fresh),
                 [&](auto number) { return elements_[number].level == reading.level; });
    budget_.spend((reading.elements.size() - reading.fresh_from) * sizeof(ElementNumber));
    if (!place_elements(fresh, bound)) return false;
    if (!place_readings(std::span(readings_).subspan(first, end - first), bound)) return false;
    first = end;
  }
  for (ElementNumber number = 0; number < elements_.size(); ++number) {
    auto& each = elements_[number];
    if (each.level != no_number || each.completed_add == no_number) continue;
    if (each.until < bound.at) return blame_late(number, bound);
    each.moment = std::max(each.from, bound.at);
  }
  return true;
}

/// Elements of one level come in behind all before it; those of a list also one behind the other.
bool CollectionOrder::place_elements(std::span<const ElementNumber> elements, Bound& bound) {
  Bound latest = bound;
  for (const auto number : elements) {
    auto& each = elements_[number];
    const auto& before = kind_ == Collection::list ? latest : bound;
    if (each.until < before.at) return blame_late(number, before);
    each.moment = std::max(each.from, before.at);
    if (each.from > latest.at) latest = {each.from, number, nullptr};
  }
  bound = latest;
  return true;
}

bool CollectionOrder::place_readings(std::span<Reading> readings, Bound& bound) {
  Bound latest = bound;
  for (auto& reading : readings) {
    const auto& operation = *operations_[reading.place];
    if (operation.returned < bound.at) return blame_early(reading, bound);
    reading.moment = std::max(operation.invoked, bound.at);
    if (operation.invoked > latest.at) latest = {operation.invoked, no_number, &reading};
  }
  bound = latest;
  return true;
}

/// The element had come in, but a read that lacks it, or an element behind which it stands, began
/// only then.
bool CollectionOrder::blame_late(ElementNumber late, const Bound& bound) {
  const auto& added = elements_[late];
  const Reading* first = nullptr;
  for (const auto& reading : readings_) {
    if (reading.level >= added.level) break;
    const auto invoked = operations_[reading.place]->invoked;
    if (invoked < added.until) continue;
    if (first == nullptr || invoked < operations_[first->place]->invoked) first = &reading;
  }
  conflict_.push_back(added.completed_add);
  if (first != nullptr) return blame({first}, {late});
  const auto level = elements_[bound.element].level;
  const auto has_both = std::find_if(readings_.begin(), readings_.end(),
                                     [level](const auto& each) { return each.level == level; });
  return blame({&*has_both}, {late, bound.element});
}

/// The read had returned, but what it has, or a read that has less, began only then.
bool CollectionOrder::blame_early(const Reading& early, const Bound& bound) {
  if (bound.reading == nullptr) return blame({&early}, {bound.element});
  return blame({&early, bound.reading}, {first_missing(early, *bound.reading)});
}

/// Always false. With the elements' first adds.
bool CollectionOrder::blame(std::initializer_list<const Reading*> readings,
                            std::initializer_list<ElementNumber> about) {
  for (const auto* reading : readings) conflict_.push_back(reading->place);
  for (const auto number : about) {
    about_.push_back(number);
    if (elements_[number].first_add != no_number) conflict_.push_back(elements_[number].first_add);
  }
  return false;
}

/// By moments. Of one moment: by level, elements before reads, elements of a list as it has them.
std::vector<std::size_t> CollectionOrder::order() const {
  struct Effect {
    Position moment;
    std::uint32_t level;
    std::uint32_t rank;
    Place place;
  };
  std::vector<std::uint32_t> ranks(elements_.size(), 0);
  if (!readings_.empty()) {
    std::uint32_t rank = 0;
    for (const auto number : readings_.back().elements) ranks[number] = rank++;
  }
  std::vector<Effect> effects;
  ValueTable numbers = numbers_;
  for (Place place = 0; place < operations_.size(); ++place) {
    const auto& operation = *operations_[place];
    if (is_void(operation) || operation.f == "read") continue;
    const auto number = numbers.number_of(operation.argument);
    const auto& each = elements_[number];
    if (each.moment == never) continue;
    const bool brings_it_in = operation.invoked <= each.moment && each.moment < operation.returned;
    if (!brings_it_in && !must_happen(operation)) continue;
    effects.push_back({std::max(operation.invoked, each.moment), each.level, ranks[number], place});
  }
  for (const auto& reading : readings_) {
    effects.push_back({reading.moment, reading.level, no_number, reading.place});
  }
  std::sort(effects.begin(), effects.end(), [](const Effect& left, const Effect& right) {
    return std::tie(left.moment, left.level, left.rank, left.place) <
           std::tie(right.moment, right.level, right.rank, right.place);
  });
  std::vector<std::size_t> places;
  places.reserve(effects.size());
  for (const auto& effect : effects) places.push_back(effect.place);
  return places;
}

}  // namespace

FastAnswer decide_by_collection_order(std::span<const Operation* const> operations, Collection kind,
                                      Budget& budget, Asked asked) {
  return CollectionOrder(operations, kind, budget).decide(asked);
}

}  // namespace sunder::checker
