#pragma once
// Reads a command's flags with cxxopts and turns what is wrong with them into std::invalid_argument
// that names the flag and what is allowed.

#include <cstdint>
#include <cxxopts.hpp>
#include <optional>
#include <string>
#include <vector>

#include "nemesis/duration.h"

namespace sunder::harness::commands {

class Flags {
 public:
  /// Empty if the user asked for --help, which has then been printed. At most `positional` words
  /// that are no flags are allowed.
  static std::optional<Flags> parse(cxxopts::Options& options,
                                    const std::vector<std::string>& arguments,
                                    std::size_t positional);

  bool given(const std::string& flag) const { return result_.count(flag) > 0; }
  std::string text(const std::string& flag) const;
  bool is_set(const std::string& flag) const;
  std::int64_t integer(const std::string& flag, std::int64_t low, std::int64_t high) const;
  std::uint64_t unsigned_integer(const std::string& flag) const;
  double number(const std::string& flag, double low, double high) const;
  nemesis::Duration duration(const std::string& flag, nemesis::Duration low,
                             nemesis::Duration high) const;
  const std::vector<std::string>& words() const { return result_.unmatched(); }

 private:
  explicit Flags(cxxopts::ParseResult result) : result_(std::move(result)) {}

  cxxopts::ParseResult result_;
};

}  // namespace sunder::harness::commands
