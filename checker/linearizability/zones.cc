#include "checker/linearizability/zones.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "checker/linearizability/place.h"
#include "checker/linearizability/value_table.h"
#include "checker/models/register.h"

namespace sunder::checker {

namespace {

using history::Operation;
using history::Outcome;
using history::Position;

using ValueNumber = std::uint32_t;
constexpr std::uint32_t none = UINT32_MAX;

/// Before every event of the history: the position of the initial write.
constexpr Position before_everything = -1;

/// One value: its writer, its readers, and the values connected to it by cas.
struct ValueInfo {
  Position written_from = history::never;
  /// Least return and greatest invocation of its writer and readers, and the operations of both.
  Position min_return = history::never;
  Position max_invocation = before_everything - 1;
  Place writer = none;
  Place min_return_of = none;
  Place max_invocation_of = none;
  /// The value that its cas expected, and the value of the cas that expected it.
  ValueNumber expects = none;
  ValueNumber successor = none;
  /// The value whose counted cas is the only reason why this one counts.
  ValueNumber counts_for = none;
  bool is_written = false;
  bool counts = false;
  bool is_placed = false;
};

/// A chain's interval. Forward: the chain holds the register from `from` to `to`. Backward: one
/// moment between `from` and `to` is enough.
struct Zone {
  Position from;
  Position to;
  ValueNumber head;
};

class Zones {
 public:
  Zones(std::span<const Operation* const> operations, const history::Value& initial, Budget& budget)
      : operations_(operations), initial_(initial), budget_(budget) {}

  FastAnswer decide(Asked asked) {
    using Kind = FastAnswer::Kind;
    if (!collect()) return {Kind::not_applicable, {}};
    if (contradiction_ != none) return {Kind::not_linearizable, {contradiction_}};
    find_counted();
    if (tie_chains() && place_chains() && fit_zones()) {
      FastAnswer answer{Kind::linearizable, {}};
      if (asked == Asked::order) answer.order = order();
      return answer;
    }
    std::sort(conflict_.begin(), conflict_.end());
    conflict_.erase(std::unique(conflict_.begin(), conflict_.end()), conflict_.end());
    return {Kind::not_linearizable, {conflict_.begin(), conflict_.end()}};
  }

 private:
  bool collect();
  bool collect_writer(Place place, const Operation& operation);
  void find_counted();
  bool tie_chains();
  bool place_chains();
  bool place_chain(ValueNumber head);
  bool fit_zones();
  std::vector<std::size_t> order();
  std::vector<ValueNumber> values_in_order() const;
  Position moment_of(const Zone& backward) const;
  void see(ValueInfo& info, Place place, const Operation& operation);
  void blame_value(ValueNumber value);
  void blame_chain(ValueNumber head);
  void blame_cycle(ValueNumber start);

  std::span<const Operation* const> operations_;
  const history::Value& initial_;
  Budget& budget_;
  ValueMap<ValueInfo> values_;
  /// Of the chain that is placed.
  std::vector<ValueNumber> chain_;
  std::vector<Position> latest_;
  std::vector<Zone> forward_;
  std::vector<Zone> backward_;
  std::vector<Place> conflict_;
  /// A cas that was refused although it found what it expected.
  Place contradiction_ = none;
};

void Zones::see(ValueInfo& info, Place place, const Operation& operation) {
  if (operation.returned < info.min_return) {
    info.min_return = operation.returned;
    info.min_return_of = place;
  }
  if (operation.invoked > info.max_invocation) {
    info.max_invocation = operation.invoked;
    info.max_invocation_of = place;
  }
}

/// Fills `values_`. False if the values are not unique.
bool Zones::collect() {
  budget_.expect(operations_.size() / 2 * sizeof(ValueInfo));
  values_.reserve(operations_.size() / 2 + 1);
  auto& info = values_.of(initial_);
  info.written_from = before_everything - 1;
  info.min_return = before_everything;
  info.is_written = info.counts = true;
  for (Place place = 0; place < operations_.size(); ++place) {
    const auto& operation = *operations_[place];
    if (is_void(operation)) continue;
    budget_.spend();
    if (!Register::observes(operation)) {
      if (!collect_writer(place, operation)) return false;
    } else if (is_answered(operation)) {
      const bool is_refused = operation.outcome == Outcome::fail;
      if (is_refused && operation.result == Register::expected_by(operation)) {
        contradiction_ = place;
      }
      auto& seen = values_.of(operation.result);
      seen.counts = true;
      see(seen, place, operation);
    }
  }
  return true;
}

bool Zones::collect_writer(Place place, const Operation& operation) {
  const bool is_cas = operation.f == "cas";
  ValueNumber expected = none;
  if (is_cas) expected = values_.number_of(Register::expected_by(operation));
  auto& info = values_.of(Register::written_by(operation));
  if (info.is_written) return false;
  info.is_written = true;
  info.writer = place;
  info.written_from = operation.invoked;
  info.expects = expected;
  if (must_happen(operation)) info.counts = true;
  if (is_cas && &info == &values_[expected]) return false;
  see(info, place, operation);
  return true;
}

/// A writer counts if it completed, its value was read, or a counted cas expected its value.
void Zones::find_counted() {
  std::vector<ValueNumber> open;
  for (ValueNumber value = 0; value < values_.size(); ++value) {
    if (values_[value].counts) open.push_back(value);
  }
  while (!open.empty()) {
    const ValueNumber value = open.back();
    const ValueNumber expected = values_[value].expects;
    open.pop_back();
    if (expected == none || values_[expected].counts) continue;
    values_[expected].counts = true;
    values_[expected].counts_for = value;
    open.push_back(expected);
  }
}

/// False if a value has no writer or two counted cas expected it.
bool Zones::tie_chains() {
  for (ValueNumber value = 0; value < values_.size(); ++value) {
    const auto& info = values_[value];
    if (!info.counts) continue;
    if (!info.is_written) {
      blame_value(value);
      return false;
    }
    if (info.expects == none) continue;
    auto& successor = values_[info.expects].successor;
    if (successor != none) {
      blame_value(info.expects);
      blame_value(successor);
      blame_value(value);
      return false;
    }
    successor = value;
  }
  return true;
}

/// False if cas form a cycle, or a chain cannot be placed in time even alone.
bool Zones::place_chains() {
  const auto chains = std::count_if(values_.begin(), values_.end(), [](const ValueInfo& info) {
    return info.counts && info.expects == none;
  });
  // Reserved memory that is not used costs nothing.
  forward_.reserve(static_cast<std::size_t>(chains));
  backward_.reserve(static_cast<std::size_t>(chains));
  for (ValueNumber value = 0; value < values_.size(); ++value) {
    const auto& info = values_[value];
    if (info.counts && info.expects == none && !place_chain(value)) return false;
  }
  for (ValueNumber value = 0; value < values_.size(); ++value) {
    if (values_[value].counts && !values_[value].is_placed) {
      blame_cycle(value);
      return false;
    }
  }
  return true;
}

/// `earliest` and `latest` limit the moment at which a value can begin.
bool Zones::place_chain(ValueNumber head) {
  auto& chain = chain_;
  chain.clear();
  for (ValueNumber value = head; value != none; value = values_[value].successor) {
    values_[value].is_placed = true;
    chain.push_back(value);
  }
  auto& latest = latest_;
  latest.resize(chain.size());
  Position bound = history::never;
  for (std::size_t i = chain.size(); i-- > 0;) {
    bound = std::min(bound, values_[chain[i]].min_return);
    latest[i] = bound;
  }
  Position earliest = before_everything - 1;
  Position end = earliest;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const auto& info = values_[chain[i]];
    earliest = std::max({earliest, info.written_from, end});
    if (earliest > latest[i]) {
      blame_chain(head);
      return false;
    }
    end = info.max_invocation;
  }
  end = std::max(earliest, end);
  if (latest.front() < end) {
    forward_.push_back({latest.front(), end, head});
  } else {
    backward_.push_back({end, latest.front(), head});
  }
  return true;
}

/// Two forward zones must not overlap, and no backward zone may lie inside a forward one.
bool Zones::fit_zones() {
  const auto starts_before = [](const Zone& left, const Zone& right) {
    return left.from < right.from;
  };
  std::sort(forward_.begin(), forward_.end(), starts_before);
  for (std::size_t i = 1; i < forward_.size(); ++i) {
    if (forward_[i].from < forward_[i - 1].to) {
      blame_chain(forward_[i - 1].head);
      blame_chain(forward_[i].head);
      return false;
    }
  }
  for (const auto& zone : backward_) {
    auto after = std::upper_bound(forward_.begin(), forward_.end(), zone, starts_before);
    if (after == forward_.begin()) continue;
    const Zone& around = *--after;
    if (zone.to < around.to) {
      blame_chain(around.head);
      blame_chain(zone.head);
      return false;
    }
  }
  return true;
}

/// A moment of the backward zone in no forward one: its end, or the beginning of the forward zone
/// around its end.
Position Zones::moment_of(const Zone& backward) const {
  const auto after =
      std::lower_bound(forward_.begin(), forward_.end(), backward.to,
                       [](const Zone& zone, Position position) { return zone.from < position; });
  if (after == forward_.begin()) return backward.to;
  const auto& around = *std::prev(after);
  return backward.to < around.to ? around.from : backward.to;
}

/// The values that count, in the order in which the register held them.
std::vector<ValueNumber> Zones::values_in_order() const {
  struct Stay {
    Position moment;
    bool is_forward;
    ValueNumber head;
  };
  std::vector<Stay> stays;
  for (const auto& zone : forward_) stays.push_back({zone.from, true, zone.head});
  for (const auto& zone : backward_) stays.push_back({moment_of(zone), false, zone.head});
  std::sort(stays.begin(), stays.end(), [](const Stay& left, const Stay& right) {
    return std::tie(left.moment, left.is_forward, left.head) <
           std::tie(right.moment, right.is_forward, right.head);
  });
  std::vector<ValueNumber> values;
  for (const auto& stay : stays) {
    for (auto value = stay.head; value != none; value = values_[value].successor) {
      values.push_back(value);
    }
  }
  return values;
}

/// Each value's writer and then its readers. No reader stands behind one that was invoked later.
std::vector<std::size_t> Zones::order() {
  std::vector<std::uint32_t> ranks(values_.size(), none);
  std::uint32_t rank = 0;
  for (const auto value : values_in_order()) ranks[value] = rank++;
  std::vector<std::tuple<std::uint32_t, bool, Place>> effects;
  for (Place place = 0; place < operations_.size(); ++place) {
    const auto& operation = *operations_[place];
    budget_.spend();
    if (is_void(operation)) continue;
    const bool observes = Register::observes(operation);
    if (observes && !is_answered(operation)) continue;
    const auto value =
        values_.number_of(observes ? operation.result : Register::written_by(operation));
    if (ranks[value] != none) effects.emplace_back(ranks[value], observes, place);
  }
  std::sort(effects.begin(), effects.end());
  std::vector<std::size_t> places;
  places.reserve(effects.size());
  for (const auto& effect : effects) places.push_back(std::get<2>(effect));
  return places;
}

/// A value's operations, and those that prove that its write happened.
void Zones::blame_value(ValueNumber value) {
  for (; value != none; value = values_[value].counts_for) {
    const auto& info = values_[value];
    for (const Place place : {info.writer, info.min_return_of, info.max_invocation_of}) {
      if (place != none) conflict_.push_back(place);
    }
  }
}

void Zones::blame_chain(ValueNumber head) {
  for (ValueNumber value = head; value != none; value = values_[value].successor) {
    const auto& info = values_[value];
    for (const Place place : {info.writer, info.min_return_of, info.max_invocation_of}) {
      if (place != none) conflict_.push_back(place);
    }
  }
}

void Zones::blame_cycle(ValueNumber start) {
  ValueNumber value = start;
  do {
    const auto& info = values_[value];
    for (const Place place : {info.writer, info.min_return_of}) {
      if (place != none) conflict_.push_back(place);
    }
    value = info.expects;
  } while (value != start);
}

}  // namespace

FastAnswer decide_by_zones(std::span<const Operation* const> operations,
                           const history::Value& initial, Budget& budget, Asked asked) {
  return Zones(operations, initial, budget).decide(asked);
}

const Operation* find_unwritten(std::span<const Operation* const> operations,
                                const history::Value& initial, Budget& budget) {
  ValueTable numbers;
  numbers.number_of(initial);
  for (const auto* operation : operations) {
    if (operation->outcome == Outcome::fail || operation->f == "read") continue;
    budget.spend();
    numbers.number_of(Register::written_by(*operation));
  }
  const auto written = numbers.size();
  for (const auto* operation : operations) {
    if (!must_happen(*operation) || operation->f == "write") continue;
    budget.spend();
    if (numbers.number_of(Register::seen_by(*operation)) >= written) return operation;
  }
  return nullptr;
}

}  // namespace sunder::checker
