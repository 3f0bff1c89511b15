#include "harness/flags/flags.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <cxxopts.hpp>
#include <fmt/format.h>

#include "harness/output.h"

namespace sunder::harness {

namespace {

template <typename Number>
Number parse_number(const std::string& flag, const std::string& text, Number low, Number high) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec == std::errc{} && parsed.ptr == end && value >= low && value <= high) return value;
  throw std::invalid_argument(
      fmt::format("--{} {}: expected a number from {} to {}", flag, text, low, high));
}

}  // namespace

std::int64_t Flags::integer(const std::string& flag, std::int64_t low, std::int64_t high) const {
  return parse_number<std::int64_t>(flag, text(flag), low, high);
}

std::uint64_t Flags::unsigned_integer(const std::string& flag) const {
  return parse_number<std::uint64_t>(flag, text(flag), 0, UINT64_MAX);
}

double Flags::number(const std::string& flag, double low, double high) const {
  return parse_number<double>(flag, text(flag), low, high);
}

Duration Flags::duration(const std::string& flag, Duration low, Duration high) const {
  const auto value = parse_duration(text(flag));
  if (value && *value >= low && *value <= high) return *value;
  throw std::invalid_argument(
      fmt::format("--{} {}: expected a time from {} to {} with its unit, such as 500ms, 30s or 2m",
                  flag, text(flag), to_text(low), to_text(high)));
}

struct FlagSet::Parser {
  cxxopts::Options options;
};

FlagSet::FlagSet(std::string command, const std::string& summary, const std::string& usage)
    : command_(std::move(command)),
      parser_(std::make_unique<Parser>(Parser{cxxopts::Options(command_, summary)})) {
  parser_->options.custom_help(usage);
  parser_->options.set_width(100);
  parser_->options.allow_unrecognised_options();
  toggle("help", "print this help");
}

FlagSet::~FlagSet() = default;

FlagSet& FlagSet::value(const std::string& flag, const std::string& summary,
                        const std::string& standard, const std::string& placeholder) {
  with_value_.push_back(flag.substr(flag.find(',') + 1));
  auto text = cxxopts::value<std::string>();
  if (!standard.empty()) text->default_value(standard);
  parser_->options.add_options()(flag, summary, text, placeholder);
  return *this;
}

FlagSet& FlagSet::toggle(const std::string& flag, const std::string& summary) {
  toggles_.push_back(flag);
  parser_->options.add_options()(flag, summary);
  return *this;
}

std::optional<Flags> FlagSet::parse(const std::vector<std::string>& arguments,
                                    std::size_t most_words) {
  std::vector<const char*> words{command_.c_str()};
  for (const auto& argument : arguments) words.push_back(argument.c_str());
  const auto refuse = [this](std::string_view what) {
    throw std::invalid_argument(fmt::format("{}: see '{} --help'", what, command_));
  };
  Flags flags;
  try {
    const auto result = parser_->options.parse(static_cast<int>(words.size()), words.data());
    for (const auto& flag : with_value_) {
      const auto& value = result[flag];
      const bool has_value = value.count() > 0 || value.has_default();
      flags.values_[flag] = has_value ? value.as<std::string>() : "";
      if (result.count(flag) > 0) flags.given_.insert(flag);
      // Most often a variable of a script that is not set.
      if (flags.given(flag) && flags.values_[flag].empty()) {
        throw std::invalid_argument(fmt::format("--{}: a value is missing", flag));
      }
    }
    for (const auto& flag : toggles_) {
      if (result.count(flag) > 0) flags.given_.insert(flag);
    }
    flags.words_ = result.unmatched();
  } catch (const cxxopts::exceptions::exception& error) {
    refuse(error.what());
  }
  if (flags.given("help")) {
    out::print("{}", parser_->options.help());
    return std::nullopt;
  }
  for (const auto& word : flags.words_) {
    if (word.size() > 1 && word.front() == '-') refuse(fmt::format("unknown flag {}", word));
  }
  if (flags.words_.size() > most_words) {
    refuse(fmt::format("unexpected word '{}'", flags.words_[most_words]));
  }
  return flags;
}

std::vector<std::string> words_of(std::string_view text, char separator) {
  std::vector<std::string> words;
  for (std::size_t from = 0; from <= text.size();) {
    const auto end = std::min(text.find(separator, from), text.size());
    if (end > from) words.emplace_back(text.substr(from, end - from));
    from = end + 1;
  }
  return words;
}

}  // namespace sunder::harness
