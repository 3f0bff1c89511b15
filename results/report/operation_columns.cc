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

/// The beginning of a long value, as text.
std::string beginning_of(const history::Value& value, std::size_t bytes) {
  const auto* list = value.list();
  // Each element takes two bytes at least.
  auto text = list != nullptr && list->size() > bytes
                  ? history::to_json(history::List(
                        list->begin(), list->begin() + static_cast<std::ptrdiff_t>(bytes)))
                  : history::to_json(value);
  if (text.size() <= bytes) return text;
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text + " …";
}

/// The page's JSON of values, the long ones cut.
class ValueCutter {
 public:
  explicit ValueCutter(std::size_t limit) : limit_(limit) {}

  Json json_of(const history::Value& value) {
    // A value of few bytes is short as text, too, if no byte needs more than six.
    if (6 * heap_bytes_of(value) <= limit_) return results::json_of(value);
    auto text = beginning_of(value, limit_);
    if (text.size() <= limit_) return results::json_of(value);
    has_cut_ = true;
    return text;
  }

  std::size_t limit() const { return limit_; }
  bool has_cut() const { return has_cut_; }

 private:
  std::size_t limit_;
  bool has_cut_ = false;
};

/// How long a value may be so that all of them fit.
std::size_t value_limit(std::span<const Operation> operations,
                        std::span<const std::size_t> chosen) {
  constexpr std::size_t least = 80;
  std::size_t bytes = 0;
  for (const std::size_t place : chosen) {
    const auto& operation = operations[place];
    bytes += std::min(heap_bytes_of(operation), 2 * most_value_bytes_in_page);
  }
  if (bytes <= most_bytes_of_all_values_in_page) return most_value_bytes_in_page;
  return std::clamp(most_bytes_of_all_values_in_page / (2 * chosen.size()), least,
                    most_value_bytes_in_page);
}

/// A column most of whose fields are empty.
class SparseColumn {
 public:
  void add(std::size_t row, Json value) {
    at_.push_back(row - last_);
    last_ = row;
    values_.push_back(std::move(value));
  }
  Json json() const { return {{"at", at_}, {"values", values_}}; }

 private:
  std::size_t last_ = 0;
  Json at_ = Json::array();
  Json values_ = Json::array();
};

char letter_of(const Operation& operation) {
  switch (operation.outcome) {
    case Outcome::ok:
      return 'o';
    case Outcome::fail:
      return operation.refused ? 'r' : 'f';
    case Outcome::info:
      break;
  }
  return 'i';
}

std::int64_t microseconds(Time time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

struct Columns {
  explicit Columns(std::size_t limit) : values(limit) {}

  ValueCutter values;
  Dictionary functions, keys, nodes;
  Json function = Json::array(), key = Json::array(), process = Json::array(), node = Json::array(),
       invoked = Json::array(), latency = Json::array();
  bool says_nodes = false;
  SparseColumn argument, result;
  std::string outcome;
  std::int64_t last_invoked = 0;

  void add(const Operation& operation) {
    const std::size_t row = outcome.size();
    process.push_back(static_cast<std::int64_t>(operation.process));
    function.push_back(functions.place_of(operation.f));
    key.push_back(keys.place_of(operation.key));
    node.push_back(place_of_node(operation));
    outcome.push_back(letter_of(operation));
    const std::int64_t time = microseconds(operation.invoked_at);
    invoked.push_back(time - last_invoked);
    last_invoked = time;
    latency.push_back(operation.outcome == Outcome::info
                          ? -1
                          : microseconds(operation.returned_at - operation.invoked_at));
    if (!operation.argument.is_nil()) argument.add(row, values.json_of(operation.argument));
    if (operation.result != operation.argument) result.add(row, values.json_of(operation.result));
  }

 private:
  std::int64_t place_of_node(const Operation& operation) {
    if (operation.answer == nullptr || operation.answer->node.empty()) return -1;
    says_nodes = true;
    return static_cast<std::int64_t>(nodes.place_of(operation.answer->node));
  }
};

/// Those places in the order of the times, whatever the order of the lines.
std::vector<std::size_t> by_time(std::span<const Operation> operations,
                                 std::span<const std::size_t> chosen) {
  std::vector<std::size_t> places(chosen.begin(), chosen.end());
  const auto is_earlier = [&](std::size_t left, std::size_t right) {
    return operations[left].invoked_at < operations[right].invoked_at;
  };
  if (!std::is_sorted(places.begin(), places.end(), is_earlier)) {
    std::stable_sort(places.begin(), places.end(), is_earlier);
  }
  return places;
}

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
  Columns columns(value_limit(operations, chosen));
  for (const std::size_t place : by_time(operations, chosen)) columns.add(operations[place]);
  Json json = {{"total", operations.size()},
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
  if (columns.says_nodes) {
    json["nodes"] = columns.nodes.names();
    json["node"] = std::move(columns.node);
  }
  if (columns.values.has_cut()) json["cut"] = columns.values.limit();
  return json;
}

}  // namespace sunder::results
