#include "checker/objects/holds.h"

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checker/linearizability/value_table.h"
#include "checker/models/owned_locks.h"
#include "checker/objects/timeline.h"

namespace sunder::checker {

namespace {

using history::never;
using history::Operation;
using history::Position;
using Operations = std::span<const Operation* const>;

/// The operations of one owner.
struct Owner {
  std::vector<Place> answered;
  std::vector<Place> crashed_acquires;
  std::vector<Place> crashed_releases;
};

/// Somebody certainly holds a permit from the event at `from` to the one at `until`.
struct Hold {
  std::uint32_t owner;
  Place acquire;
  Position from;
  Place release = no_place;
  Position until = never;
};

/// An acquire and a release that take effect at one moment behind the event at `from` and before
/// the one at `until`.
struct Touch {
  std::uint32_t owner;
  Place acquire;
  Place release;
  Position from;
  Position until;
  /// The event behind which it happens.
  Position moment = never;
};

/// How many permits are taken behind an event.
struct Level {
  Position at;
  std::int64_t taken;
};

class Holds {
 public:
  Holds(Operations operations, const LockRules& rules, Budget& budget)
      : operations_(operations), rules_(rules), budget_(budget) {}

  FastAnswer decide(Asked asked) {
    if (!split_by_owner()) return {};
    if (rules_.has_tokens && !tokens_are_unique()) return std::move(answer_);
    for (std::uint32_t owner = 0; owner < owners_.size(); ++owner) {
      if (!find_holds(owner)) return std::move(answer_);
    }
    if (!fit_holds() || !fit_touches() || (rules_.has_tokens && !tokens_grow())) {
      return std::move(answer_);
    }
    answer_.kind = FastAnswer::Kind::linearizable;
    if (asked == Asked::order) answer_.order = order();
    return std::move(answer_);
  }

 private:
  bool split_by_owner();
  Owner& owner_in_argument(const Operation& operation);
  bool tokens_are_unique();
  bool tokens_grow();
  bool find_holds(std::uint32_t number);
  bool match_releases(std::uint32_t number);
  void end_holds_by_crashed(const Owner& owner, std::size_t first);
  bool fit_holds();
  bool fit_touches();
  bool find_moment(Touch& touch) const;
  std::vector<std::size_t> order() const;

  bool acquires(Place place) const { return operations_[place]->f == "acquire"; }
  Position invoked(Place place) const { return operations_[place]->invoked; }
  Position returned(Place place) const { return operations_[place]->returned; }
  std::int64_t token(Place acquire) const { return *token_in(operations_[acquire]->result); }

  /// Whether crashed operations could have given up a hold of that owner and taken it again.
  bool could_retake(std::uint32_t owner) const {
    return !owners_[owner].crashed_releases.empty() && !owners_[owner].crashed_acquires.empty();
  }
  bool refuse(std::vector<Place> conflict);
  bool refuse_overlap(const Hold& last);
  bool refuse_touch(const Touch& touch);
  bool blame_owner(const Hold& hold, Position until, std::vector<Place>& conflict);

  Operations operations_;
  LockRules rules_;
  Budget& budget_;
  std::vector<Owner> owners_;
  std::unordered_map<std::int64_t, std::uint32_t> by_process_;
  ValueTable names_;
  /// By the number of the name.
  std::vector<std::uint32_t> by_name_;
  std::vector<Hold> holds_;
  std::vector<Touch> touches_;
  std::vector<Level> levels_;
  FastAnswer answer_;
};

Owner& Holds::owner_in_argument(const Operation& operation) {
  const auto next = static_cast<std::uint32_t>(owners_.size());
  std::uint32_t number = next;
  if (operation.argument.text() != nullptr) {
    const auto name = names_.number_of(operation.argument);
    if (name == by_name_.size()) by_name_.push_back(next);
    number = by_name_[name];
  } else if (auto owner = named_owner(operation); !owner.is_nil()) {
    // The table needs a value that lives as long as the operation.
    const auto* member = operation.argument.member("owner");
    const auto name =
        names_.number_of(member != nullptr ? *member : *operation.argument.member("client"));
    if (name == by_name_.size()) by_name_.push_back(next);
    number = by_name_[name];
  } else {
    number =
        by_process_.try_emplace(static_cast<std::int64_t>(operation.process), next).first->second;
  }
  if (number == next) owners_.emplace_back();
  return owners_[number];
}

/// False if an owner's answered operations overlap.
bool Holds::split_by_owner() {
  for (Place place = 0; place < operations_.size(); ++place) {
    budget_.spend();
    const auto& operation = *operations_[place];
    if (is_void(operation)) continue;
    auto& owner = owner_in_argument(operation);
    if (!must_happen(operation)) {
      // What it would answer limits the other tokens.
      if (rules_.has_tokens && is_answered(operation)) return false;
      (acquires(place) ? owner.crashed_acquires : owner.crashed_releases).push_back(place);
      continue;
    }
    const bool overlaps =
        !owner.answered.empty() && returned(owner.answered.back()) > operation.invoked;
    if (overlaps) return false;
    owner.answered.push_back(place);
  }
  return true;
}

/// Fills `holds_` and `touches_`.
bool Holds::find_holds(std::uint32_t number) {
  const auto first = holds_.size();
  if (!match_releases(number)) return false;
  end_holds_by_crashed(owners_[number], first);
  for (auto i = first; i < holds_.size();) {
    const auto& hold = holds_[i];
    if (hold.until > hold.from) {
      ++i;
      continue;
    }
    const auto from = std::max(invoked(hold.acquire), invoked(hold.release));
    touches_.push_back({number, hold.acquire, hold.release, from, returned(hold.acquire)});
    holds_[i] = holds_.back();
    holds_.pop_back();
    if (rules_.has_tokens) return false;  // its place among the tokens is not known
  }
  return true;
}

/// Each answered release ends the last hold that is open, or else shows that a crashed acquire took
/// effect.
bool Holds::match_releases(std::uint32_t number) {
  const auto& owner = owners_[number];
  std::vector<std::size_t> open;
  auto crashed = owner.crashed_acquires.begin();
  for (const auto place : owner.answered) {
    if (acquires(place)) {
      open.push_back(holds_.size());
      holds_.push_back({number, place, returned(place)});
    } else if (!open.empty()) {
      holds_[open.back()].release = place;
      holds_[open.back()].until = invoked(place);
      open.pop_back();
    } else if (crashed != owner.crashed_acquires.end() && invoked(*crashed) < returned(place)) {
      const auto from = std::max(invoked(place), invoked(*crashed));
      touches_.push_back({number, *crashed++, place, from, returned(place)});
    } else {
      return refuse({place});
    }
  }
  return true;
}

/// Crashed releases end holds as soon as no later release needs them. One that was invoked before
/// its hold's acquire returned ends it at once.
void Holds::end_holds_by_crashed(const Owner& owner, std::size_t first) {
  auto crashed = owner.crashed_releases.begin();
  for (auto i = first; i < holds_.size() && crashed != owner.crashed_releases.end(); ++i) {
    auto& hold = holds_[i];
    if (hold.release != no_place) continue;
    hold.release = *crashed;
    hold.until = std::max(hold.from, invoked(*crashed));
    ++crashed;
  }
}

bool Holds::fit_holds() {
  std::vector<Position> ends;
  std::sort(holds_.begin(), holds_.end(),
            [](const Hold& left, const Hold& right) { return left.from < right.from; });
  for (const auto& hold : holds_) {
    if (hold.until != never) ends.push_back(hold.until);
  }
  std::sort(ends.begin(), ends.end());
  levels_.push_back({-1, 0});
  auto end = ends.begin();
  std::int64_t taken = 0;
  for (const auto& hold : holds_) {
    budget_.spend();
    for (; end != ends.end() && *end < hold.from; ++end) levels_.push_back({*end, --taken});
    levels_.push_back({hold.from, ++taken});
    if (taken > rules_.permits) return refuse_overlap(hold);
  }
  for (; end != ends.end(); ++end) levels_.push_back({*end, --taken});
  return true;
}

bool Holds::fit_touches() {
  for (auto& touch : touches_) {
    budget_.spend();
    if (!find_moment(touch)) return refuse_touch(touch);
  }
  return true;
}

/// A moment of the touch at which a permit is free.
bool Holds::find_moment(Touch& touch) const {
  auto level =
      std::upper_bound(levels_.begin(), levels_.end(), touch.from,
                       [](Position position, const Level& each) { return position < each.at; });
  for (--level; level != levels_.end() && level->at < touch.until; ++level) {
    if (level->taken >= rules_.permits) continue;
    touch.moment = std::max(level->at, touch.from);
    return true;
  }
  return false;
}

bool Holds::tokens_are_unique() {
  std::unordered_map<std::int64_t, Place> first;
  for (const auto& owner : owners_) {
    for (const auto place : owner.answered) {
      if (!acquires(place)) continue;
      const auto [same, is_new] = first.try_emplace(token(place), place);
      if (!is_new) return refuse({same->second, place});
    }
  }
  return true;
}

bool Holds::tokens_grow() {
  for (std::size_t i = 1; i < holds_.size(); ++i) {
    const auto before = holds_[i - 1].acquire;
    const auto behind = holds_[i].acquire;
    if (token(behind) > token(before)) continue;
    if (could_retake(holds_[i - 1].owner) || could_retake(holds_[i].owner)) return false;
    return refuse({before, behind});
  }
  return true;
}

bool Holds::refuse(std::vector<Place> conflict) {
  std::sort(conflict.begin(), conflict.end());
  conflict.erase(std::unique(conflict.begin(), conflict.end()), conflict.end());
  answer_.kind = FastAnswer::Kind::not_linearizable;
  answer_.conflict.assign(conflict.begin(), conflict.end());
  return false;
}

bool Holds::refuse_overlap(const Hold& last) {
  std::vector<Place> conflict;
  for (const auto& hold : holds_) {
    if (hold.from > last.from) break;
    if (hold.until < last.from) continue;
    if (!blame_owner(hold, last.from, conflict)) return false;
  }
  return refuse(std::move(conflict));
}

/// Nowhere between the events of the touch a permit was free.
bool Holds::refuse_touch(const Touch& touch) {
  std::vector<Place> conflict;
  conflict.push_back(touch.acquire);
  if (must_happen(*operations_[touch.release])) conflict.push_back(touch.release);
  for (const auto& hold : holds_) {
    if (hold.from >= touch.until) break;
    if (hold.until <= touch.from) continue;
    if (!blame_owner(hold, touch.until, conflict)) return false;
    if (hold.release != no_place && hold.until < touch.until) conflict.push_back(hold.release);
  }
  return refuse(std::move(conflict));
}

/// Adds what shows that the hold lasted that long. False if crashed operations of its owner could
/// have interrupted it.
bool Holds::blame_owner(const Hold& hold, Position until, std::vector<Place>& conflict) {
  const auto& owner = owners_[hold.owner];
  conflict.push_back(hold.acquire);
  const auto is_before = [&](Place place) { return invoked(place) < until; };
  const auto crashed =
      std::count_if(owner.crashed_releases.begin(), owner.crashed_releases.end(), is_before);
  if (crashed == 0) return true;
  std::ptrdiff_t used = 0;
  const auto add_if_crashed = [&](const auto& each) {
    const bool by_crashed = each.owner == hold.owner && each.release != no_place &&
                            !must_happen(*operations_[each.release]) && is_before(each.release);
    if (!by_crashed) return;
    ++used;
    conflict.push_back(each.acquire);
  };
  std::for_each(holds_.begin(), holds_.end(), add_if_crashed);
  std::for_each(touches_.begin(), touches_.end(), add_if_crashed);
  if (could_retake(hold.owner) && (used < crashed || rules_.permits > 1)) {
    answer_ = {};
    return false;
  }
  std::copy_if(owner.crashed_releases.begin(), owner.crashed_releases.end(),
               std::back_inserter(conflict), is_before);
  if (used < crashed && hold.release != no_place) conflict.push_back(hold.release);
  return true;
}

/// A hold begins right before its acquire returns and ends right behind the invocation of its
/// release.
std::vector<std::size_t> Holds::order() const {
  std::vector<std::pair<Position, std::pair<Place, Place>>> effects;
  for (const auto& hold : holds_) {
    effects.push_back({4 * hold.from - 1, {hold.acquire, no_place}});
    if (hold.release != no_place) {
      effects.push_back({4 * hold.until + 1, {hold.release, no_place}});
    }
  }
  for (const auto& touch : touches_) {
    effects.push_back({4 * touch.moment + 2, {touch.acquire, touch.release}});
  }
  std::sort(effects.begin(), effects.end());
  std::vector<std::size_t> places;
  for (const auto& [at, pair] : effects) {
    places.push_back(pair.first);
    if (pair.second != no_place) places.push_back(pair.second);
  }
  return places;
}

}  // namespace

FastAnswer decide_by_holds(Operations operations, const LockRules& rules, Budget& budget,
                           Asked asked) {
  if (any_may_lapse(operations)) return {};
  return Holds(operations, rules, budget).decide(asked);
}

}  // namespace sunder::checker
