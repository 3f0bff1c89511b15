#include "checker/objects/repeated_list.h"

#include <algorithm>
#include <cstdint>
#include <queue>
#include <tuple>
#include <utility>
#include <vector>

#include "checker/invariant.h"
#include "checker/linearizability/place.h"
#include "checker/linearizability/value_table.h"
#include "checker/objects/spine_moments.h"

namespace sunder::checker {

namespace {

using history::List;
using history::never;
using history::Operation;
using history::Position;
using Operations = std::span<const Operation* const>;
constexpr std::uint32_t nothing = UINT32_MAX;

/// The appends of one element.
struct Appends {
  /// By invocation.
  std::vector<Place> places;
  /// The returns of those that certainly happened, sorted.
  std::vector<Position> returns;
  /// The indexes of the spine that have it.
  std::vector<std::uint32_t> spots;
};

/// An index of the longest read, and the moments at which its element can have
/// come in.
struct Spot {
  std::uint32_t element;
  Position from;
  Position until;
  Place append = nothing;
};

struct SpineReading {
  Place place;
  std::size_t size;
};

/// What cannot be earlier than some moment: a spot, or a read.
struct SpineBound {
  Position at = -1;
  std::uint32_t spot = nothing;
  Place read = nothing;
};

const List& shown_by(const Operation& read) {
  static const List empty;
  const auto* list = read.result.list();
  return list == nullptr ? empty : *list;
}

class RepeatedList {
 public:
  RepeatedList(Operations operations, Budget& budget) : operations_(operations), budget_(budget) {}

  FastAnswer decide(Asked asked) {
    using Kind = FastAnswer::Kind;
    if (!collect()) return {};
    if (!are_prefixes() || !make_spots() || !fits_in_time()) return blamed();
    auto moments = make_moments();
    if (!moments.settle()) {
      conflict_reads_ = moments.blamed_reads();
      conflict_reads_.push_back(readings_.back().place);
      about_ = moments.blamed_elements();
      return blamed();
    }
    assign(moments);
    FastAnswer answer{Kind::linearizable};
    if (asked == Asked::order) answer.order = order();
    return answer;
  }

 private:
  bool collect();
  bool are_prefixes();
  bool make_spots();
  bool fits_in_time();
  bool fits_read(const SpineReading& reading, SpineBound& bound);
  SpineMoments make_moments();
  void assign(const SpineMoments& moments);
  void assign_element(const Appends& appends, const SpineMoments& moments);
  std::vector<std::size_t> order() const;
  FastAnswer blamed() const;
  bool blame(std::initializer_list<Place> reads, std::initializer_list<std::uint32_t> elements);

  /// The first return of an append of the element that no read shows.
  Position unread_return(const Appends& appends) const {
    const auto shown = appends.spots.size();
    return shown < appends.returns.size() ? appends.returns[shown] : never;
  }

  Operations operations_;
  Budget& budget_;
  ValueMap<Appends> elements_;
  /// By size, then by invocation.
  std::vector<SpineReading> readings_;
  std::vector<Spot> spine_;
  std::vector<Place> unread_;
  std::vector<Place> conflict_reads_;
  std::vector<std::uint32_t> about_;
};

/// False if the procedure does not apply.
bool RepeatedList::collect() {
  for (Place place = 0; place < operations_.size(); ++place) {
    const auto& operation = *operations_[place];
    if (is_void(operation)) continue;
    budget_.spend();
    if (operation.f == "read") {
      if (must_happen(operation)) readings_.push_back({place, shown_by(operation).size()});
      continue;
    }
    if (operation.weakened && operation.returned != never) return false;
    auto& appends = elements_.of(operation.argument);
    appends.places.push_back(place);
    if (must_happen(operation)) appends.returns.push_back(operation.returned);
  }
  for (std::uint32_t number = 0; number < elements_.size(); ++number) {
    std::sort(elements_[number].returns.begin(), elements_[number].returns.end());
  }
  std::stable_sort(readings_.begin(), readings_.end(),
                   [](const auto& left, const auto& right) { return left.size < right.size; });
  return true;
}

bool RepeatedList::are_prefixes() {
  for (std::size_t i = 1; i < readings_.size(); ++i) {
    const auto& shorter = shown_by(*operations_[readings_[i - 1].place]);
    const auto& longer = shown_by(*operations_[readings_[i].place]);
    budget_.spend(shorter.size() * sizeof(history::Value));
    const auto [left, right] = std::mismatch(shorter.begin(), shorter.end(), longer.begin());
    if (left == shorter.end()) continue;
    return blame({readings_[i - 1].place, readings_[i].place},
                 {elements_.number_of(*left), elements_.number_of(*right)});
  }
  return true;
}

bool RepeatedList::make_spots() {
  if (readings_.empty()) return true;
  const auto longest = readings_.back().place;
  for (const auto& value : shown_by(*operations_[longest])) {
    budget_.spend();
    const auto number = elements_.number_of(value);
    auto& appends = elements_[number];
    const auto count = appends.spots.size();
    if (count == appends.places.size()) return blame({longest}, {number});
    appends.spots.push_back(static_cast<std::uint32_t>(spine_.size()));
    spine_.push_back({number, operations_[appends.places[count]]->invoked,
                      count < appends.returns.size() ? appends.returns[count] : never});
  }
  return true;
}

bool RepeatedList::fits_in_time() {
  SpineBound bound;
  auto reading = readings_.begin();
  for (std::uint32_t i = 0; i <= spine_.size(); ++i) {
    SpineBound latest = bound;
    for (; reading != readings_.end() && reading->size == i; ++reading) {
      if (!fits_read(*reading, bound)) return false;
      const auto invoked = operations_[reading->place]->invoked;
      if (invoked > latest.at) latest = {invoked, nothing, reading->place};
    }
    bound = latest;
    if (i == spine_.size()) break;
    auto& spot = spine_[i];
    if (spot.until < bound.at) {
      if (bound.read != nothing) return blame({bound.read}, {spot.element});
      return blame({readings_.back().place}, {spine_[bound.spot].element, spot.element});
    }
    if (spot.from > bound.at) bound = {spot.from, i, nothing};
  }
  for (std::uint32_t number = 0; number < elements_.size(); ++number) {
    if (unread_return(elements_[number]) >= bound.at) continue;
    if (bound.read != nothing) return blame({bound.read}, {number});
    return blame({readings_.back().place}, {spine_[bound.spot].element, number});
  }
  return true;
}

bool RepeatedList::fits_read(const SpineReading& reading, SpineBound& bound) {
  if (operations_[reading.place]->returned >= bound.at) return true;
  if (bound.read == nothing) return blame({reading.place}, {spine_[bound.spot].element});
  const auto shorter = shown_by(*operations_[bound.read]).size();
  return blame({bound.read, reading.place}, {spine_[shorter].element});
}

SpineMoments RepeatedList::make_moments() {
  std::vector<SpineSpot> spots;
  for (const auto& spot : spine_) spots.push_back({spot.element, spot.from});
  spots.push_back({nothing, -1});
  for (const auto& reading : readings_) {
    const auto& read = *operations_[reading.place];
    auto& behind = spots[reading.size];
    if (read.invoked > behind.from_read) {
      behind.from_read = read.invoked;
      behind.first_read = reading.place;
    }
    if (reading.size == 0) continue;
    auto& last = spots[reading.size - 1];
    if (read.returned < last.until_read) {
      last.until_read = read.returned;
      last.last_read = reading.place;
    }
  }
  const auto end = spots.back();
  spots.pop_back();
  std::vector<std::vector<AppendWindow>> windows(elements_.size());
  for (std::uint32_t number = 0; number < elements_.size(); ++number) {
    budget_.spend(elements_[number].returns.size() * sizeof(AppendWindow));
    for (const auto place : elements_[number].places) {
      const auto& append = *operations_[place];
      if (must_happen(append)) windows[number].push_back({append.invoked, append.returned});
    }
    std::sort(windows[number].begin(), windows[number].end(),
              [](const auto& left, const auto& right) { return left.until < right.until; });
  }
  return {std::move(spots), end, std::move(windows), budget_};
}

void RepeatedList::assign(const SpineMoments& moments) {
  unread_.clear();
  for (const auto& appends : elements_) assign_element(appends, moments);
}

/// To each spot: of the appends that are open at its moment the first to return.
void RepeatedList::assign_element(const Appends& appends, const SpineMoments& moments) {
  using Deadline = std::tuple<Position, Place>;
  std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>> open;
  std::size_t next = 0;
  const auto open_until = [&](Position now) {
    for (; next < appends.places.size(); ++next) {
      const auto place = appends.places[next];
      const auto& operation = *operations_[place];
      if (operation.invoked > now) return;
      open.emplace(must_happen(operation) ? operation.returned : never, place);
    }
  };
  for (const auto spot : appends.spots) {
    budget_.spend();
    open_until(moments.at(spot));
    CHECK(!open.empty() && std::get<0>(open.top()) >= moments.at(spot));
    spine_[spot].append = std::get<1>(open.top());
    open.pop();
  }
  open_until(never);
  for (; !open.empty(); open.pop()) {
    const auto [deadline, place] = open.top();
    CHECK(deadline >= moments.end());
    if (deadline != never) unread_.push_back(place);
  }
}

/// The appends of the spine and the reads between them, and then the appends
/// that no read shows.
std::vector<std::size_t> RepeatedList::order() const {
  std::vector<std::size_t> places;
  auto reading = readings_.begin();
  for (std::size_t i = 0; i <= spine_.size(); ++i) {
    for (; reading != readings_.end() && reading->size == i; ++reading) {
      places.push_back(reading->place);
    }
    if (i < spine_.size()) places.push_back(spine_[i].append);
  }
  auto unread = unread_;
  std::sort(unread.begin(), unread.end());
  places.insert(places.end(), unread.begin(), unread.end());
  return places;
}

/// Always false.
bool RepeatedList::blame(std::initializer_list<Place> reads,
                         std::initializer_list<std::uint32_t> elements) {
  conflict_reads_ = reads;
  about_ = elements;
  return false;
}

/// The reads, and all appends of the elements.
FastAnswer RepeatedList::blamed() const {
  FastAnswer answer{FastAnswer::Kind::not_linearizable};
  std::vector<Place> conflict = conflict_reads_;
  auto about = about_;
  std::sort(about.begin(), about.end());
  about.erase(std::unique(about.begin(), about.end()), about.end());
  for (const auto number : about) {
    const auto& places = elements_[number].places;
    conflict.insert(conflict.end(), places.begin(), places.end());
    answer.about.push_back(elements_.value(number));
  }
  std::sort(conflict.begin(), conflict.end());
  conflict.erase(std::unique(conflict.begin(), conflict.end()), conflict.end());
  answer.conflict.assign(conflict.begin(), conflict.end());
  return answer;
}

}  // namespace

FastAnswer decide_by_repeated_list(Operations operations, Budget& budget, Asked asked) {
  return RepeatedList(operations, budget).decide(asked);
}

}  // namespace sunder::checker
