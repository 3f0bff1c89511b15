#include "harness/flags/history_flags.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/models/catalog.h"
#include "harness/flags/model_flags.h"

namespace sunder::harness {

namespace {

constexpr std::array fields_to_name{"process",  "type",   "f",        "key",     "value",
                                    "argument", "result", "error",    "time",    "index",
                                    "start",    "end",    "ok",       "start_s", "end_s",
                                    "start_ms", "end_ms", "start_us", "end_us",  "start_ns",
                                    "end_ns",   "time_s", "time_ms",  "time_us", "time_ns"};
constexpr std::array outcomes_to_name{"invoke", "ok", "fail", "info"};

template <typename Range>
bool holds_name(const Range& names, std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

bool is_operation(std::string_view name) {
  const auto& all = checker::model_catalog();
  return std::any_of(all.begin(), all.end(), [name](const checker::CatalogEntry& model) {
    return holds_name(model.functions, name);
  });
}

void add_name(history::Names& names, const std::string& ours, const std::string& theirs) {
  const auto [known, is_new] = names.emplace(theirs, ours);
  if (is_new || known->second == ours) return;
  throw std::invalid_argument(
      fmt::format("--map: {} cannot be both {} and {}", theirs, known->second, ours));
}

void add_field(history::Names& names, const std::string& ours, const std::string& theirs) {
  for (const auto& [other, meaning] : names) {
    if (meaning != ours || other == theirs) continue;
    throw std::invalid_argument(
        fmt::format("--map: the field {} cannot be both {} and {}", ours, other, theirs));
  }
  add_name(names, ours, theirs);
}

/// Of "write=Put,process=client,info=timed-out".
history::Vocabulary names_in(const std::string& text) {
  history::Vocabulary names;
  std::istringstream list(text);
  for (std::string pair; std::getline(list, pair, ',');) {
    const auto equals = pair.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == pair.size()) {
      throw std::invalid_argument(
          fmt::format("--map {}: use ours=theirs, such as --map write=Put,process=client", pair));
    }
    const auto ours = pair.substr(0, equals);
    const auto theirs = pair.substr(equals + 1);
    if (!holds_name(fields_to_name, ours) && !holds_name(outcomes_to_name, ours) &&
        !is_operation(ours)) {
      throw std::invalid_argument(fmt::format(
          "--map {}: {} is no field ({}), no outcome ({}) and no operation of a model "
          "('sunder list models')",
          pair, ours, fmt::join(fields_to_name, ", "), fmt::join(outcomes_to_name, ", ")));
    }
    if (holds_name(fields_to_name, ours)) add_field(names.fields, ours, theirs);
    if (holds_name(outcomes_to_name, ours)) add_name(names.types, ours, theirs);
    if (is_operation(ours)) add_name(names.operations, ours, theirs);
  }
  return names;
}

/// The row of `choices` that the flag's text names.
template <typename Choice, std::size_t size>
Choice choice_of(const Flags& flags, const char* flag,
                 const std::array<std::pair<std::string_view, Choice>, size>& choices) {
  const auto text = flags.text(flag);
  std::vector<std::string_view> names;
  for (const auto& [name, choice] : choices) {
    if (name == text) return choice;
    if (!name.empty()) names.push_back(name);
  }
  throw std::invalid_argument(
      fmt::format("--{} {}: use one of {}", flag, text, fmt::join(names, ", ")));
}

}  // namespace

void describe_history_flags(FlagSet& flags) {
  flags
      .value(
          "model",
          "model to judge a history file by ('sunder list models'), or a program that is one, as "
          "'python3 my_model.py'; without it, the model that the operations' names leave no doubt "
          "about",
          "", "NAME")
      .value("isolation",
             "level to judge a history file of transactions by ('sunder list levels'); without it, "
             "strict-serializable",
             "", "LEVEL")
      .value("keys",
             "how a history file tells its objects apart: pairs (values are [key value]), field, "
             "none, or auto: pairs if all values are",
             "auto", "HOW")
      .value("order",
             "order of a history file's events: lines or time; without it, that of the lines if "
             "times and indices do not contradict it",
             "", "HOW")
      .value("nil",
             "what an ok read of nil in a register's history from Jepsen means: unknown (the read "
             "is not judged) or value",
             "unknown", "HOW")
      .value("map",
             "other names in a history file, as ours=theirs: operations (write=Put), fields "
             "(process=client, none if there is no such field) and outcomes (info=timed-out)",
             "", "NAMES");
  describe_model_flags(flags);
}

std::optional<checker::isolation::Level> isolation_level_in(const Flags& flags) {
  if (!flags.given("isolation")) return std::nullopt;
  try {
    return checker::isolation::level_named(flags.text("isolation"));
  } catch (const std::invalid_argument& unknown) {
    throw std::invalid_argument(fmt::format("--isolation: {}", unknown.what()));
  }
}

HistoryReading history_reading_from(const Flags& flags) {
  using history::EventOrder;
  using history::Keys;
  using Key = std::pair<std::string_view, Keys>;
  using Sequence = std::pair<std::string_view, EventOrder>;
  using Nil = std::pair<std::string_view, bool>;
  HistoryReading reading;
  reading.model = flags.text("model");
  reading.isolation = isolation_level_in(flags);
  reading.parameters = parameters_in(model_flags_in(flags));
  reading.interpretation.keys =
      choice_of(flags, "keys",
                std::array{Key{"auto", Keys::automatic}, Key{"pairs", Keys::pairs},
                           Key{"field", Keys::field}, Key{"none", Keys::none}});
  reading.interpretation.order =
      choice_of(flags, "order",
                std::array{Sequence{"", EventOrder::checked}, Sequence{"lines", EventOrder::lines},
                           Sequence{"time", EventOrder::time}});
  reading.interpretation.names = names_in(flags.text("map"));
  reading.nil_is_a_value =
      choice_of(flags, "nil", std::array{Nil{"unknown", false}, Nil{"value", true}});
  return reading;
}

std::vector<std::string> history_flag_names() {
  std::vector<std::string> names{"model", "isolation", "keys", "order", "nil", "map"};
  for (auto& name : model_flag_names()) names.push_back(std::move(name));
  return names;
}

void refuse_history_flags(const Flags& flags) {
  for (const auto& flag : history_flag_names()) {
    if (!flags.given(flag)) continue;
    throw std::invalid_argument(
        fmt::format("--{} works only with history files: a run is judged by its workload", flag));
  }
}

}  // namespace sunder::harness
