#include "checker/objects/versions.h"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "checker/history/brief.h"
#include "checker/linearizability/sentence.h"
#include "checker/linearizability/value_table.h"
#include "checker/models/versioned_register.h"
#include "checker/objects/timeline.h"

namespace sunder::checker {

namespace {

using history::Operation;
using history::Position;
using history::Value;

/// What has one version.
struct Layer {
  std::int64_t version = 0;
  const Value* value = nullptr;
  /// An answered write or cas, else the unanswered write that was chosen.
  Place writer = no_place;
  /// The unanswered write of what a cas expected, if the layer before has another value.
  Place hidden = no_place;
  std::vector<Place> readers;
};

/// The unanswered writes of a value.
struct Unanswered {
  std::vector<Place> writes;
  std::size_t used = 0;
  bool has_cas = false;
};

class Versions {
 public:
  Versions(std::span<const Operation* const> operations, const Value& initial, Budget& budget)
      : operations_(operations), initial_(initial), budget_(budget) {}

  FastAnswer decide(Asked asked) {
    if (!collect() || !find_writers() || !fit_in_time()) return std::move(answer_);
    answer_.kind = FastAnswer::Kind::linearizable;
    if (asked == Asked::order) answer_.order.assign(order_.begin(), order_.end());
    return std::move(answer_);
  }

 private:
  bool collect();
  bool collect_answered(Place place);
  bool find_writers();
  bool find_expected(std::size_t index);
  Place take_unanswered(const Value& value);
  bool fit_in_time();
  bool place_one(std::size_t layer, Place place, Place& latest, std::size_t& latest_layer);

  bool refuse(std::vector<Place> conflict, std::string why);
  void support(std::size_t layer, std::vector<Place>& conflict);
  void support_unanswered(std::size_t last, const Value& value, std::vector<Place>& conflict);

  const Operation& at(Place place) const { return *operations_[place]; }
  static std::string with_version(const Operation& operation);

  std::span<const Operation* const> operations_;
  const Value& initial_;
  Budget& budget_;
  std::map<std::int64_t, Layer> by_version_;
  std::vector<Layer> layers_;
  ValueMap<Unanswered> unanswered_;
  std::vector<Place> order_;
  bool has_unversioned_ = false;
  bool writes_initial_ = false;
  /// A cas without an answer could have written what was taken from a write without one.
  bool is_unclear_ = false;
  FastAnswer answer_;
};

/// "client 3's read of 5 with version 7"
std::string Versions::with_version(const Operation& operation) {
  const auto* version = VersionedRegister::version_of(operation);
  const auto& value = VersionedRegister::observes(operation)
                          ? VersionedRegister::seen_by(operation)
                          : VersionedRegister::written_by(operation);
  return fmt::format("{}'s {} of {}{}", name_of_client(operation), operation.f,
                     history::brief(value),
                     version == nullptr ? "" : fmt::format(" with version {}", *version));
}

/// False if the procedure does not apply or the answer is found.
bool Versions::collect() {
  auto& first = by_version_[0];
  first.value = &initial_;
  for (Place place = 0; place < operations_.size(); ++place) {
    budget_.spend();
    const auto& operation = at(place);
    if (is_void(operation)) continue;
    if (must_happen(operation)) {
      if (!collect_answered(place)) return false;
      continue;
    }
    if (VersionedRegister::observes(operation)) continue;
    if (is_answered(operation)) return false;  // its version limits the others
    auto& same = unanswered_.of(VersionedRegister::written_by(operation));
    if (operation.f == "cas") {
      same.has_cas = true;
    } else {
      same.writes.push_back(place);
    }
  }
  // A read without a version is one of the register as it was at the start, unless that came back.
  const bool is_ambiguous = writes_initial_ || !unanswered_.of(initial_).writes.empty();
  if (has_unversioned_ && is_ambiguous) return false;
  for (auto& [version, layer] : by_version_) layers_.push_back(std::move(layer));
  return true;
}

bool Versions::collect_answered(Place place) {
  const auto& operation = at(place);
  const auto* version = VersionedRegister::version_of(operation);
  if (VersionedRegister::observes(operation)) {
    if (is_refusal(operation) &&
        VersionedRegister::seen_by(operation) == VersionedRegister::expected_by(operation)) {
      return refuse({place}, fmt::format("{} was refused, although it found what it expected",
                                         with_version(operation)));
    }
    if (version == nullptr && VersionedRegister::seen_by(operation) != initial_) return false;
    auto& layer = by_version_[version == nullptr ? 0 : *version];
    layer.version = version == nullptr ? 0 : *version;
    layer.readers.push_back(place);
    has_unversioned_ = has_unversioned_ || version == nullptr;
    return layer.version >= 0;
  }
  if (version == nullptr || *version <= 0) return false;
  auto& layer = by_version_[*version];
  layer.version = *version;
  if (layer.writer != no_place) {
    return refuse({layer.writer, place},
                  fmt::format("{} and {} cannot both be", with_version(at(layer.writer)),
                              with_version(operation)));
  }
  layer.writer = place;
  writes_initial_ = writes_initial_ || VersionedRegister::written_by(operation) == initial_;
  return true;
}

/// The earliest that is left; `no_place` if there is none.
Place Versions::take_unanswered(const Value& value) {
  auto& same = unanswered_.of(value);
  is_unclear_ = is_unclear_ || same.has_cas;
  return same.used < same.writes.size() ? same.writes[same.used++] : no_place;
}

/// Gives each layer its value and its writer.
bool Versions::find_writers() {
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    budget_.spend();
    auto& layer = layers_[i];
    if (layer.writer != no_place) {
      layer.value = &VersionedRegister::written_by(at(layer.writer));
      if (at(layer.writer).f == "cas" && !find_expected(i)) return false;
    } else if (layer.version > 0) {
      const auto reader = layer.readers.front();
      layer.value = &VersionedRegister::seen_by(at(reader));
      layer.writer = take_unanswered(*layer.value);
      if (layer.writer == no_place) {
        const auto& same = unanswered_.of(*layer.value);
        if (same.has_cas) return false;
        std::vector<Place> conflict(same.writes.begin(), same.writes.end());
        for (const auto& other : layers_) {
          const bool uses_one = other.value != nullptr && other.version <= layer.version &&
                                other.writer != no_place && *other.value == *layer.value &&
                                !must_happen(at(other.writer));
          if (uses_one) conflict.push_back(other.readers.front());
          if (uses_one && other.hidden != no_place) return false;
        }
        conflict.push_back(reader);
        // An unanswered write may have served as what a cas expected.
        if (conflict.size() < 2 * same.writes.size() + 1) return false;
        return refuse(std::move(conflict), fmt::format("{} has a version that no write of it has",
                                                       with_version(at(reader))));
      }
    }
    for (const auto reader : layer.readers) {
      if (VersionedRegister::seen_by(at(reader)) == *layer.value) continue;
      const auto& same = unanswered_.of(VersionedRegister::seen_by(at(reader)));
      if (same.has_cas) return false;
      std::vector<Place> conflict(same.writes.begin(), same.writes.end());
      support(i, conflict);
      conflict.push_back(reader);
      const auto other =
          layer.version > 0 && must_happen(at(layer.writer)) ? layer.writer : layer.readers.front();
      if (layer.version > 0 && other != reader) conflict.push_back(other);
      return refuse(std::move(conflict),
                    layer.version == 0 || other == reader
                        ? fmt::format("{}, which was never there", with_version(at(reader)))
                        : fmt::format("{} and {} contradict each other", with_version(at(other)),
                                      with_version(at(reader))));
    }
  }
  return true;
}

/// Of a cas: the layer before has what it expected, or an unanswered write put it there.
bool Versions::find_expected(std::size_t index) {
  auto& layer = layers_[index];
  const auto& cas = at(layer.writer);
  const auto& before = layers_[index - 1];
  if (*before.value == VersionedRegister::expected_by(cas)) return true;
  layer.hidden = take_unanswered(VersionedRegister::expected_by(cas));
  if (layer.hidden != no_place) return true;
  const auto& same = unanswered_.of(VersionedRegister::expected_by(cas));
  if (same.has_cas || !same.writes.empty()) return false;
  std::vector<Place> conflict = {layer.writer};
  support(index - 1, conflict);
  return refuse(std::move(conflict),
                fmt::format("{}'s {} has version {}, but the version before it, {}, is {}",
                            name_of_client(cas), label_of(cas), layer.version, before.version,
                            history::brief(*before.value)));
}

/// Adds what brought the layer about.
void Versions::support(std::size_t index, std::vector<Place>& conflict) {
  for (;; --index) {
    const auto& layer = layers_[index];
    if (layer.writer == no_place) return;
    conflict.push_back(layer.writer);
    if (layer.hidden != no_place) {
      support_unanswered(index, VersionedRegister::written_by(at(layer.hidden)), conflict);
    }
    if (!must_happen(at(layer.writer))) support_unanswered(index, *layer.value, conflict);
    if (at(layer.writer).f != "cas" || layer.hidden != no_place || index == 0) return;
  }
}

/// Adds the unanswered writes of a value that were taken so far, and what they were taken for.
void Versions::support_unanswered(std::size_t last, const Value& value,
                                  std::vector<Place>& conflict) {
  for (std::size_t i = 0; i <= last; ++i) {
    const auto& layer = layers_[i];
    if (layer.writer == no_place) continue;
    const bool is_taken = !must_happen(at(layer.writer)) && *layer.value == value;
    if (is_taken) {
      conflict.push_back(layer.writer);
      conflict.push_back(layer.readers.front());
    }
    if (layer.hidden == no_place || VersionedRegister::written_by(at(layer.hidden)) != value)
      continue;
    conflict.push_back(layer.hidden);
    conflict.push_back(layer.writer);
    // What the cas expected could have been there otherwise, without the layers in between.
    if (i != last || is_taken) is_unclear_ = true;
    if (i > 0 && layers_[i - 1].writer != no_place) conflict.push_back(layers_[i - 1].writer);
  }
}

bool Versions::fit_in_time() {
  Place latest = no_place;
  std::size_t latest_layer = 0;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const auto& layer = layers_[i];
    for (const auto place : {layer.hidden, layer.writer}) {
      if (place != no_place && !place_one(i, place, latest, latest_layer)) return false;
    }
    auto group_latest = latest;
    auto group_layer = latest_layer;
    for (const auto reader : layer.readers) {
      budget_.spend();
      auto before = latest;
      auto before_layer = latest_layer;
      if (!place_one(i, reader, before, before_layer)) return false;
      if (group_latest == no_place || at(before).invoked > at(group_latest).invoked) {
        group_latest = before;
        group_layer = before_layer;
      }
    }
    latest = group_latest;
    latest_layer = group_layer;
  }
  return true;
}

/// Behind the operations before it, the last invoked of which is `latest`.
bool Versions::place_one(std::size_t layer, Place place, Place& latest, std::size_t& latest_layer) {
  order_.push_back(place);
  const bool is_late =
      latest != no_place && must_happen(at(place)) && at(place).returned < at(latest).invoked;
  if (is_late) {
    std::vector<Place> conflict = {place, latest};
    support(layer, conflict);
    support(latest_layer, conflict);
    return refuse(std::move(conflict),
                  fmt::format("{} was invoked after {} had returned: versions must grow",
                              with_version(at(latest)), with_version(at(place))));
  }
  if (latest == no_place || at(place).invoked > at(latest).invoked) {
    latest = place;
    latest_layer = layer;
  }
  return true;
}

bool Versions::refuse(std::vector<Place> conflict, std::string why) {
  if (is_unclear_) {
    answer_ = {};
    return false;
  }
  std::sort(conflict.begin(), conflict.end());
  conflict.erase(std::unique(conflict.begin(), conflict.end()), conflict.end());
  answer_.kind = FastAnswer::Kind::not_linearizable;
  answer_.conflict.assign(conflict.begin(), conflict.end());
  answer_.why = std::move(why);
  return false;
}

}  // namespace

FastAnswer decide_by_versions(std::span<const Operation* const> operations, const Value& initial,
                              Budget& budget, Asked asked) {
  if (any_may_lapse(operations)) return {};
  return Versions(operations, initial, budget).decide(asked);
}

}  // namespace sunder::checker
