#include "harness/flags/history_flags.h"

#include <array>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sunder::harness {

namespace {

/// Of "write=Put,read=Get".
history::Names names_in(const std::string& text) {
  history::Names names;
  std::istringstream list(text);
  for (std::string pair; std::getline(list, pair, ',');) {
    const auto equals = pair.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == pair.size()) {
      throw std::invalid_argument(
          fmt::format("--map {}: use ours=theirs, such as --map write=Put,read=Get", pair));
    }
    names[pair.substr(equals + 1)] = pair.substr(0, equals);
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
          "model to judge a history file by ('sunder list models'); without it, the one that the "
          "operations' names leave no doubt about",
          "", "NAME")
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
      .value("map", "other names in a history file, as ours=theirs: write=Put,read=Get", "",
             "NAMES");
}

HistoryReading history_reading_from(const Flags& flags) {
  using history::EventOrder;
  using history::Keys;
  using Key = std::pair<std::string_view, Keys>;
  using Sequence = std::pair<std::string_view, EventOrder>;
  using Nil = std::pair<std::string_view, bool>;
  HistoryReading reading;
  reading.model = flags.text("model");
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

void refuse_history_flags(const Flags& flags) {
  for (const auto* flag : {"model", "keys", "order", "nil", "map"}) {
    if (!flags.given(flag)) continue;
    throw std::invalid_argument(
        fmt::format("--{} works only with history files: a run is judged by its workload", flag));
  }
}

}  // namespace sunder::harness
