#pragma once
// A cursor over the text of one line of JSON, and the values that it reads without a tree: integers
// and strings of plain ASCII without escapes. Invariant: whatever it accepts is JSON, and equal
// values have equal texts. Surprise: it knows no end. Behind the text must stand a newline and as
// many readable bytes as LineReader::padding.

#include <cstdint>
#include <cstring>
#include <string_view>

#include "checker/history/value.h"

namespace sunder::checker::isolation {

/// An integer or a string as it stands in the file.
struct Token {
  /// With the quotes of a string.
  std::string_view text;
  std::int64_t number = 0;
  bool is_number = false;

  history::Value value() const {
    return is_number ? history::Value(number) : history::Value(text.substr(1, text.size() - 2));
  }
};

class PlainText {
 public:
  explicit PlainText(const char* at) : at_(at) {}

  const char* at() const { return at_; }
  void go_to(const char* at) { at_ = at; }
  char next() const { return *at_; }

  template <std::size_t n>
  bool skip(const char (&expected)[n]) {
    static_assert(n <= 32, "less than the padding");
    if (std::memcmp(at_, expected, n - 1) != 0) return false;
    at_ += n - 1;
    return true;
  }

  /// Of at most 18 digits, which fit.
  bool integer(std::int64_t& number) {
    const bool is_negative = *at_ == '-';
    const char* digits = at_ + (is_negative ? 1 : 0);
    const char* end = digits;
    std::int64_t value = 0;
    while (*end >= '0' && *end <= '9' && end - digits < most_digits) {
      value = value * 10 + (*end++ - '0');
    }
    const bool is_plain = end != digits && (*digits != '0' || (end - digits == 1 && !is_negative));
    const char behind = *end;
    if (!is_plain || (behind >= '0' && behind <= '9') || behind == '.' || (behind | 32) == 'e') {
      return false;
    }
    at_ = end;
    number = is_negative ? -value : value;
    return true;
  }

  /// Behind an opening quote; takes the closing one.
  bool string(std::string_view& characters) {
    const char* begin = at_;
    while (*at_ != '"') {
      const auto c = static_cast<unsigned char>(*at_);
      if (c < 0x20 || c >= 0x80 || c == '\\') return false;
      ++at_;
    }
    characters = {begin, static_cast<std::size_t>(at_ - begin)};
    ++at_;
    return true;
  }

  bool token(Token& token) {
    const char* begin = at_;
    token.is_number = *at_ != '"';
    if (token.is_number) {
      if (!integer(token.number)) return false;
    } else {
      std::string_view characters;
      ++at_;
      if (!string(characters)) return false;
    }
    token.text = {begin, static_cast<std::size_t>(at_ - begin)};
    return true;
  }

  /// Passes over null, a token, or a list of such values.
  bool skip_value(int depth = 0) {
    if (*at_ == 'n') return skip("null");
    Token ignored;
    if (*at_ != '[') return token(ignored);
    if (depth > deepest) return false;
    ++at_;
    if (*at_ == ']') return skip("]");
    while (true) {
      if (!skip_value(depth + 1)) return false;
      if (*at_ == ']') return skip("]");
      if (!skip(",")) return false;
    }
  }

 private:
  static constexpr int most_digits = 18;
  /// A transaction's list, its steps, the list that a step read.
  static constexpr int deepest = 3;

  const char* at_;
};

}  // namespace sunder::checker::isolation
