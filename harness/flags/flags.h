#pragma once
// A command's flags: described once and parsed with cxxopts. Every mistake throws
// std::invalid_argument that names the flag and what is allowed. cxxopts itself stays in flags.cc:
// it is slow to compile.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "node/api/duration.h"

namespace sunder::harness {

/// What the user wrote, or the flags' standard values.
class Flags {
 public:
  bool given(const std::string& flag) const { return given_.count(flag) > 0; }
  const std::string& text(const std::string& flag) const { return values_.at(flag); }
  std::int64_t integer(const std::string& flag, std::int64_t low, std::int64_t high) const;
  std::uint64_t unsigned_integer(const std::string& flag) const;
  double number(const std::string& flag, double low, double high) const;
  Duration duration(const std::string& flag, Duration low, Duration high) const;
  /// The words that are no flags.
  const std::vector<std::string>& words() const { return words_; }

 private:
  friend class FlagSet;

  std::map<std::string, std::string> values_;
  std::set<std::string> given_;
  std::vector<std::string> words_;
};

class FlagSet {
 public:
  /// `command` as the user writes it ("sunder run"), `usage` what may stand behind it.
  FlagSet(std::string command, const std::string& summary, const std::string& usage);
  ~FlagSet();
  FlagSet(const FlagSet&) = delete;
  FlagSet& operator=(const FlagSet&) = delete;

  /// A flag with a value. Without a standard value the flag is an empty text if it is not given.
  /// "o,output" is -o, too; its name is "output".
  FlagSet& value(const std::string& flag, const std::string& summary, const std::string& standard,
                 const std::string& placeholder = "");
  /// A flag that is there or not: see Flags::given.
  FlagSet& toggle(const std::string& flag, const std::string& summary);

  /// Empty if the user asked for --help, which has then been printed. At most `most_words` words
  /// that are no flags are allowed.
  std::optional<Flags> parse(const std::vector<std::string>& arguments, std::size_t most_words);

 private:
  struct Parser;

  std::string command_;
  std::vector<std::string> with_value_;
  std::vector<std::string> toggles_;
  std::unique_ptr<Parser> parser_;
};

/// The words of a text, separated by `separator`; empty ones are left out.
std::vector<std::string> words_of(std::string_view text, char separator);

}  // namespace sunder::harness
