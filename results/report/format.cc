#include "results/report/format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "checker/history/brief.h"

namespace sunder::results {

using history::Operation;
using history::Outcome;
using history::Time;
using history::Value;

namespace {

/// Texts without quotes, nil as a word, everything else as JSON.
/// Texts without quotes. Long values are cut around what matters.
std::string text_of(const Value& value, std::span<const Value* const> focus = {}) {
  constexpr std::size_t short_text = 40;
  if (value.is_nil()) return "nil";
  const auto* text = value.text();
  const bool is_plain = text != nullptr && !history::looks_like_another_kind(*text);
  if (is_plain && text->size() <= short_text) return history::printable_line(*text);
  return history::brief(value, focus);
}

}  // namespace

std::string format_time(Time time) {
  return fmt::format("{:.3f} s", std::chrono::duration<double>(time).count());
}

std::string format_latency(Time latency) {
  constexpr std::array<std::pair<const char*, double>, 4> units = {
      {{"s", 1e9}, {"ms", 1e6}, {"µs", 1e3}, {"ns", 1}}};
  if (latency.count() == 0) return "0 ns";
  const auto exact = static_cast<double>(latency.count());
  const double step = std::pow(10, std::floor(std::log10(std::abs(exact))) - 2);
  const double rounded = step < 1 ? exact : std::round(exact / step) * step;
  for (const auto& [unit, size] : units) {
    if (std::abs(rounded) >= size) return fmt::format("{:.3g} {}", rounded / size, unit);
  }
  return fmt::format("{} ns", latency.count());
}

std::string format_count(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (auto place = static_cast<std::ptrdiff_t>(text.size()) - 3; place > 0; place -= 3) {
    text.insert(static_cast<std::size_t>(place), ",");
  }
  return text;
}

std::string format_call(const Operation& operation, std::span<const Value* const> focus) {
  const auto* pair = operation.argument.list();
  if (operation.f == "cas" && pair && pair->size() == 2) {
    const auto call = fmt::format("cas {} → {}", text_of(pair->at(0)), text_of(pair->at(1)));
    const bool says_found =
        operation.outcome == Outcome::fail && operation.result != operation.argument;
    return says_found ? fmt::format("{} found {}", call, text_of(operation.result)) : call;
  }
  const std::string f = history::printable_line(operation.f);
  const std::string asked =
      operation.argument.is_nil() ? f : fmt::format("{} {}", f, text_of(operation.argument, focus));
  const bool answered = operation.outcome == Outcome::ok &&
                        (operation.f == "read" || operation.result != operation.argument);
  return answered ? fmt::format("{} → {}", asked, text_of(operation.result, focus)) : asked;
}

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xC0) != 0x80; }));
}

std::string padded(std::string_view text, std::size_t columns) {
  const std::size_t own = columns_of(text);
  return std::string(text) + std::string(columns > own ? columns - own : 0, ' ');
}

}  // namespace sunder::results
