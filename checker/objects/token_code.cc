#include "checker/objects/token_code.h"

#include <algorithm>

namespace sunder::checker {

bool TokenCode::build(const std::vector<std::string_view>& tokens) {
  if (std::any_of(tokens.begin(), tokens.end(), [](auto token) { return token.empty(); })) {
    return false;
  }
  if (take(tokens)) return true;
  is_reversed_ = true;
  reversed_.reserve(tokens.size());
  for (const auto token : tokens) reversed_.emplace_back(token.rbegin(), token.rend());
  return take({reversed_.begin(), reversed_.end()});
}

bool TokenCode::take(const std::vector<std::string_view>& tokens) {
  sorted_.clear();
  sorted_.reserve(tokens.size());
  for (const auto token : tokens) {
    sorted_.push_back({token, static_cast<std::uint32_t>(sorted_.size())});
  }
  std::sort(sorted_.begin(), sorted_.end(),
            [](const Token& left, const Token& right) { return left.text < right.text; });
  return is_prefix_free(sorted_);
}

/// A token that another one begins with stands right before one that does.
bool TokenCode::is_prefix_free(const std::vector<Token>& sorted) {
  const auto begins = [](const Token& left, const Token& right) {
    return right.text.starts_with(left.text);
  };
  return std::adjacent_find(sorted.begin(), sorted.end(), begins) == sorted.end();
}

bool TokenCode::split(std::string_view text, std::vector<std::uint32_t>& numbers) const {
  numbers.clear();
  std::string reversed;
  auto rest = text;
  if (is_reversed_) {
    reversed.assign(text.rbegin(), text.rend());
    rest = reversed;
  }
  while (!rest.empty()) {
    auto at = std::upper_bound(
        sorted_.begin(), sorted_.end(), rest,
        [](std::string_view wanted, const Token& token) { return wanted < token.text; });
    if (at == sorted_.begin()) return false;
    --at;
    if (!rest.starts_with(at->text)) return false;
    numbers.push_back(at->number);
    rest.remove_prefix(at->text.size());
  }
  if (is_reversed_) std::reverse(numbers.begin(), numbers.end());
  return true;
}

}  // namespace sunder::checker
