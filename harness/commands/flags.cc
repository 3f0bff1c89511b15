#include "harness/commands/flags.h"

#include <fmt/format.h>

#include <charconv>
#include <iostream>
#include <stdexcept>

namespace sunder::harness::commands {

namespace {

template <typename Number>
Number parse_number(const std::string& flag, const std::string& text, Number low, Number high) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec == std::errc{} && parsed.ptr == end && value >= low && value <= high) return value;
  throw std::invalid_argument(
      fmt::format("--{} {}: a number from {} to {} is wanted", flag, text, low, high));
}

}  // namespace

std::optional<Flags> Flags::parse(cxxopts::Options& options,
                                  const std::vector<std::string>& arguments,
                                  std::size_t positional) {
  options.add_options()("h,help", "this help");
  options.allow_unrecognised_options();
  std::vector<const char*> words{options.program().c_str()};
  for (const auto& argument : arguments) words.push_back(argument.c_str());
  try {
    auto result = options.parse(static_cast<int>(words.size()), words.data());
    if (result.count("help") > 0) {
      std::cout << options.help() << std::flush;
      return std::nullopt;
    }
    for (const auto& word : result.unmatched()) {
      if (word.size() > 1 && word.front() == '-') {
        throw std::invalid_argument(fmt::format("unknown flag {}: '{} --help' lists them", word,
                                                options.program()));
      }
    }
    if (result.unmatched().size() > positional) {
      throw std::invalid_argument(fmt::format("unexpected word '{}': see '{} --help'",
                                              result.unmatched()[positional], options.program()));
    }
    return Flags(std::move(result));
  } catch (const cxxopts::exceptions::exception& error) {
    throw std::invalid_argument(
        fmt::format("{}: see '{} --help'", error.what(), options.program()));
  }
}

std::string Flags::text(const std::string& flag) const { return result_[flag].as<std::string>(); }

bool Flags::is_set(const std::string& flag) const { return result_[flag].as<bool>(); }

std::int64_t Flags::integer(const std::string& flag, std::int64_t low, std::int64_t high) const {
  return parse_number<std::int64_t>(flag, text(flag), low, high);
}

std::uint64_t Flags::unsigned_integer(const std::string& flag) const {
  return parse_number<std::uint64_t>(flag, text(flag), 0, UINT64_MAX);
}

double Flags::number(const std::string& flag, double low, double high) const {
  return parse_number<double>(flag, text(flag), low, high);
}

nemesis::Duration Flags::duration(const std::string& flag, nemesis::Duration low,
                                  nemesis::Duration high) const {
  const auto written = text(flag);
  const auto value = nemesis::parse_duration(written);
  if (value && *value >= low && *value <= high) return *value;
  throw std::invalid_argument(fmt::format("--{} {}: a duration from {} to {} is wanted, such as 500ms or 30s",
                                          flag, written, nemesis::to_text(low),
                                          nemesis::to_text(high)));
}

}  // namespace sunder::harness::commands
