#include "results/report/operation_columns.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include <nlohmann/json.hpp>

#include "results/store/value_json.h"

namespace sunder::results {

using history::Operation;
using history::Outcome;
using history::Position;
using history::Time;
using Json = nlohmann::ordered_json;

namespace {

/// Picks operations until the sample is full; each only once.
class Sample {
 public:
  explicit Sample(std::size_t operations) : taken_(operations, false) {}

  /// At most `limit` of `candidates`, evenly spread over them.
  void add_evenly(const std::vector<std::size_t>& candidates, std::size_t limit) {
    const std::size_t count = std::min({candidates.size(), limit, operations_in_sample - size_});
    for (std::size_t i = 0; i < count; ++i) take(candidates[i * candidates.size() / count]);
  }

  std::vector<std::size_t> ascending() const {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < taken_.size(); ++i) {
      if (taken_[i]) places.push_back(i);
    }
    return places;
  }

 private:
  void take(std::size_t place) {
    if (taken_[place]) return;
    taken_[place] = true;
    ++size_;
  }

  std::vector<bool> taken_;
  std::size_t size_ = 0;
};

template <typename Predicate>
std::vector<std::size_t> places_where(std::span<const Operation> operations, Predicate predicate) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (predicate(operations[i])) places.push_back(i);
  }
  return places;
}

std::vector<std::size_t> around(std::span<const Operation> operations,
                                std::span<const Operation> culprits) {
  if (culprits.empty()) return {};
  Position first = history::never;
  Position last = 0;
  for (const Operation& culprit : culprits) {
    first = std::min(first, culprit.invoked);
    last = std::max(last, culprit.returned == history::never ? culprit.invoked : culprit.returned);
  }
  return places_where(operations, [&](const Operation& operation) {
    const bool same_key = std::any_of(culprits.begin(), culprits.end(), [&](const auto& culprit) {
      return culprit.key == operation.key;
    });
    return same_key && operation.invoked <= last && operation.returned >= first;
  });
}

std::vector<std::size_t> slowest(std::span<const Operation> operations, std::size_t count) {
  auto places = places_where(
      operations, [](const Operation& operation) { return operation.outcome == Outcome::ok; });
  const auto latency = [&](std::size_t place) {
    return operations[place].returned_at - operations[place].invoked_at;
  };
  count = std::min(count, places.size());
  std::partial_sort(
      places.begin(), places.begin() + static_cast<std::ptrdiff_t>(count), places.end(),
      [&](std::size_t left, std::size_t right) { return latency(left) > latency(right); });
  places.resize(count);
  return places;
}

/// Names by the order of their first use.
class Dictionary {
 public:
  std::size_t place_of(const std::string& name) {
    const auto [entry, is_new] = places_.try_emplace(name, places_.size());
    if (is_new) names_.push_back(name);
    return entry->second;
  }
  Json names() const { return names_; }

 private:
  std::unordered_map<std::string, std::size_t> places_;
  Json names_ = Json::array();
};

/// A column most of whose fields are empty.
class SparseColumn {
 public:
  void add(std::size_t row, const history::Value& value) {
    at_.push_back(row - last_);
    last_ = row;
    values_.push_back(results::json_of(value));
  }
  Json json() const { return {{"at", at_}, {"values", values_}}; }

 private:
  std::size_t last_ = 0;
  Json at_ = Json::array();
  Json values_ = Json::array();
};

char letter_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok:
      return 'o';
    case Outcome::fail:
      return 'f';
    case Outcome::info:
      break;
  }
  return 'i';
}

std::int64_t microseconds(Time time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

struct Columns {
  Dictionary functions, keys;
  Json function = Json::array(), key = Json::array(), process = Json::array(),
       invoked = Json::array(), latency = Json::array();
  SparseColumn argument, result;
  std::string outcome;
  std::int64_t last_invoked = 0;

  void add(const Operation& operation) {
    const std::size_t row = outcome.size();
    process.push_back(static_cast<std::int64_t>(operation.process));
    function.push_back(functions.place_of(operation.f));
    key.push_back(keys.place_of(operation.key));
    outcome.push_back(letter_of(operation.outcome));
    const std::int64_t time = microseconds(operation.invoked_at);
    invoked.push_back(time - last_invoked);
    last_invoked = time;
    latency.push_back(operation.outcome == Outcome::info
                          ? -1
                          : microseconds(operation.returned_at - operation.invoked_at));
    if (!operation.argument.is_nil()) argument.add(row, operation.argument);
    if (operation.result != operation.argument) result.add(row, operation.result);
  }
};

}  // namespace

std::vector<std::size_t> chosen_operations(std::span<const Operation> operations,
                                           std::span<const Operation> culprits) {
  if (operations.size() <= most_operations_in_page) {
    return places_where(operations, [](const Operation&) { return true; });
  }
  const auto with_outcome = [&](Outcome outcome) {
    return places_where(operations,
                        [&](const Operation& operation) { return operation.outcome == outcome; });
  };
  Sample sample(operations.size());
  sample.add_evenly(around(operations, culprits), 10'000);
  sample.add_evenly(with_outcome(Outcome::info), 5'000);
  sample.add_evenly(with_outcome(Outcome::fail), 5'000);
  sample.add_evenly(slowest(operations, 1'000), 1'000);
  sample.add_evenly(with_outcome(Outcome::ok), operations_in_sample);
  return sample.ascending();
}

Json operation_columns(std::span<const Operation> operations, std::span<const std::size_t> chosen) {
  Columns columns;
  for (const std::size_t place : chosen) columns.add(operations[place]);
  return {{"total", operations.size()},
          {"complete", chosen.size() == operations.size()},
          {"f", columns.functions.names()},
          {"keys", columns.keys.names()},
          {"process", std::move(columns.process)},
          {"function", std::move(columns.function)},
          {"key", std::move(columns.key)},
          {"outcome", std::move(columns.outcome)},
          {"invoked", std::move(columns.invoked)},
          {"latency", std::move(columns.latency)},
          {"argument", columns.argument.json()},
          {"result", columns.result.json()}};
}

}  // namespace sunder::results
