#include "results/report/format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
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

/// "r x → 1, w y 3" of [["r","x",1],["w","y",3]]; empty if it is no list of such steps.
std::string text_of_steps(const Value& steps) {
  std::string text;
  if (steps.list() == nullptr) return text;
  for (const auto& step : *steps.list()) {
    const auto* parts = step.list();
    if (parts == nullptr || parts->size() != 3 || parts->front().text() == nullptr) return {};
    const auto& [f, key, value] = std::tie((*parts)[0], (*parts)[1], (*parts)[2]);
    const bool reads = f.text()->starts_with("r");
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {}", text_of(f), text_of(key));
    if (!value.is_nil() || !reads) text += fmt::format("{}{}", reads ? " → " : " ", text_of(value));
  }
  return text;
}

/// "transfer 5 from a1 to a2"; empty if it is none.
std::string text_of_transfer(const Operation& operation) {
  const auto* from = operation.argument.member("from");
  const auto* to = operation.argument.member("to");
  const auto* amount = operation.argument.member("amount");
  if (operation.f != "transfer" || !from || !to || !amount) return {};
  return fmt::format("transfer {} from {} to {}", text_of(*amount), text_of(*from), text_of(*to));
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
  if (auto transfer = text_of_transfer(operation); !transfer.empty()) return transfer;
  const std::string f = history::printable_line(operation.f);
  if (operation.f == "txn") {
    const bool is_ok = operation.outcome == Outcome::ok;
    const auto steps = text_of_steps(is_ok ? operation.result : operation.argument);
    if (!steps.empty()) return fmt::format("{} {}", f, steps);
  }
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
