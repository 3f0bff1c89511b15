#pragma once
// A cursor over the text of one line of JSON, and the values that it reads without a tree: integers
// and strings of plain ASCII without escapes. Invariant: whatever it accepts is JSON, and equal
// values have equal texts. Surprise: it knows no end. Behind the text must stand a newline and as
// many readable bytes as LineReader::padding.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "checker/history/value.h"

namespace sunder::history {

/// An integer or a string as it stands in the file.
struct Token {
  /// With the quotes of a string.
  std::string_view text;
  std::int64_t number = 0;
  bool is_number = false;

  Value value() const { return is_number ? Value(number) : Value(text.substr(1, text.size() - 2)); }
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
    if (!is_at<n - 1>(expected)) return false;
    at_ += n - 1;
    return true;
  }

  /// Of at most 18 digits, which fit.
  bool integer(std::int64_t& number) {
    const bool is_negative = *at_ == '-';
    const char* digits = at_ + (is_negative ? 1 : 0);
    const char* end = digits;
    std::uint64_t value = 0;
    for (std::size_t count = 8; count == 8 && end - digits <= most_digits; end += count) {
      auto eight = digits_at(end, count);
      if (count == 0) break;
      // Zeros in front of the digits, whose first one is in the lowest byte.
      eight <<= 64 - 8 * count;
      value = value * powers_of_ten[count] + number_of_eight(eight);
    }
    const bool is_plain = end != digits && end - digits <= most_digits &&
                          (*digits != '0' || (end - digits == 1 && !is_negative));
    if (!is_plain || *end == '.' || (*end | 32) == 'e') return false;
    at_ = end;
    number = static_cast<std::int64_t>(is_negative ? -value : value);
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
  static constexpr std::array<std::uint64_t, 9> powers_of_ten = {
      1, 10, 100, 1000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};
  /// A transaction's list, its steps, the list that a step read.
  static constexpr int deepest = 3;

  template <typename Word>
  static Word word_at(const char* at) {
    Word word;
    std::memcpy(&word, at, sizeof word);
    return word;
  }
  template <typename Word, std::size_t n>
  bool are_words_at(const char* expected) const {
    // The last word overlaps the one before it.
    for (std::size_t i = 0; i + sizeof(Word) < n; i += sizeof(Word)) {
      if (word_at<Word>(at_ + i) != word_at<Word>(expected + i)) return false;
    }
    constexpr std::size_t last = n - sizeof(Word);
    return word_at<Word>(at_ + last) == word_at<Word>(expected + last);
  }
  /// The compiler calls memcmp() for most lengths.
  template <std::size_t n>
  bool is_at(const char* expected) const {
    if constexpr (n >= 8) return are_words_at<std::uint64_t, n>(expected);
    if constexpr (n >= 4 && n < 8) return are_words_at<std::uint32_t, n>(expected);
    if constexpr (n >= 2 && n < 4) return are_words_at<std::uint16_t, n>(expected);
    return are_words_at<char, n>(expected);
  }

  /// The values of the digits, one a byte, and how many of the eight characters are digits from the
  /// first one on.
  static std::uint64_t digits_at(const char* at, std::size_t& count) {
    static_assert(std::endian::native == std::endian::little);
    const auto values = word_at<std::uint64_t>(at) ^ 0x3030303030303030U;
    const auto others = ((values + 0x7676767676767676U) | values) & 0x8080808080808080U;
    count = others == 0 ? 8 : static_cast<std::size_t>(std::countr_zero(others)) / 8;
    return values;
  }
  /// Of eight digits: pairs of them, then pairs of pairs.
  static std::uint64_t number_of_eight(std::uint64_t digits) {
    digits = digits * 10 + (digits >> 8U);
    constexpr std::uint64_t pairs = 0x000000ff000000ffU;
    return (((digits & pairs) * 0x000f424000000064U) +
            (((digits >> 16U) & pairs) * 0x0000271000000001U)) >>
           32U;
  }

  const char* at_;
};

}  // namespace sunder::history
