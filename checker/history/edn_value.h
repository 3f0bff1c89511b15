#pragma once
// Reads EDN values, as Jepsen prints them, from a text held in memory.
// nil, booleans, integers, floats, strings, keywords, symbols, characters, vectors, lists, sets and
// maps; comments and #_ are skipped; of a tagged collection (#jepsen.history.Op{...}) the
// collection is taken. Keywords and symbols become text without the colon, since JSON has no such
// thing. Surprise: what needs no meaning becomes the text that stands there, which is enough to
// compare it for equality: integers beyond 64 bits, ratios, regular expressions, #object[...],
// tagged scalars.

#include <optional>
#include <string>
#include <string_view>

#include "checker/history/value.h"

namespace sunder::history {

/// An error and its byte in the text.
struct EdnError {
  std::string message;
  std::size_t at = 0;
  /// The text ends before the value does.
  bool is_cut_off = false;
};

class EdnReader {
 public:
  explicit EdnReader(std::string_view text) : text_(text) {}

  /// Skips blanks and comments. True if nothing is left.
  bool at_end();
  /// If the next character is this one, skips it.
  bool skip(char expected);
  /// The next value. Throws EdnError.
  Value next();
  /// Enters the map that comes next, with its tag or without: its names and values follow. False,
  /// and nothing is read, if something else comes next.
  bool enter_map();
  /// The next name of the map that was entered, whose value comes next; absent, and the map is
  /// left, if it has no more. Valid until the next call. Throws EdnError.
  std::optional<std::string_view> next_name();
  /// The next value as text_or_json(), empty if it is nil. Valid until the next call.
  std::string_view next_text();
  /// The next byte to read.
  std::size_t at() const { return at_; }

 private:
  Value next(int depth);
  /// In a regular expression a backslash only keeps a quote from being the end.
  enum class Escapes { replaced, kept };
  Value text(Escapes escapes);
  /// Of \u, which was read. A unit is four hexadecimal digits.
  unsigned code_unit();
  unsigned code_point();
  Value character();
  Value tagged(int depth);
  Value atom();
  /// A keyword without its colon, if one comes next that ends before the text does.
  std::optional<std::string_view> keyword();
  static Value number(std::string_view word);
  List items(char close, int depth);
  Object entries(int depth);
  std::string_view word();
  [[noreturn]] void refuse(std::string message) const;
  [[noreturn]] void refuse_end() const;

  std::string_view text_;
  std::size_t at_ = 0;
  /// What a name or text is that does not stand there as it is.
  std::string made_;
  /// The nesting of #_.
  int discards_ = 0;
};

}  // namespace sunder::history
