#pragma once
// Splits a text into the tokens it was put together from. Invariant: it only accepts sets of tokens
// for which a text can be split in at most one way: no token begins with another one, or no token
// ends with another one. ("1" and "11" are no such tokens, "1," and "11," are.)

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sunder::checker {

class TokenCode {
 public:
  /// False if a token is empty, is there twice, or texts could be split in several ways.
  bool build(const std::vector<std::string_view>& tokens);
  /// The numbers of the text's tokens. False if it consists of no such tokens.
  bool split(std::string_view text, std::vector<std::uint32_t>& numbers) const;

 private:
  struct Token {
    std::string_view text;
    std::uint32_t number;
  };

  bool take(const std::vector<std::string_view>& tokens);
  static bool is_prefix_free(const std::vector<Token>& sorted);

  /// Whether tokens are recognized from the end of a text: they are reversed then.
  bool is_reversed_ = false;
  std::vector<std::string> reversed_;
  std::vector<Token> sorted_;
};

}  // namespace sunder::checker
